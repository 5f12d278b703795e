/** What devices are for. */
export const DEVICE_CATEGORIES = ['OPTICAL', 'COMPUTE', 'STORAGE', 'INFRA'] as const;

/** What a type of device is for. INFRA is infrastructure, such as PDUs. */
export type DeviceCategory = (typeof DEVICE_CATEGORIES)[number];

/** A kind of device. Only devices of a schedulable type can be booked. */
export interface DeviceType {
  readonly id: number;
  readonly name: string;
  readonly category: DeviceCategory;
  readonly description: string | null;
  readonly schedulable: boolean;
  readonly hasPorts: boolean;
}

/** Infrastructure (PDUs, console servers) is shared by everybody and booked by nobody. */
export const schedulableByDefault = (category: DeviceCategory): boolean => category !== 'INFRA';

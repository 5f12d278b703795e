/**
 * Who decides about the power of an outlet.
 *
 * - `on_demand`: it follows the bookings of its device.
 * - `always_on`: it is never switched off by itself.
 * - `manual`: people switch it, and nobody else.
 */
export const OUTLET_MODES = ['on_demand', 'always_on', 'manual'] as const;

/** What switches an outlet. */
export type OutletMode = (typeof OUTLET_MODES)[number];

/** Whether power follows bookings where nothing else is said. */
export type Automation = 'off' | 'on-demand';

/** How power follows bookings. All times in milliseconds. */
export interface PowerPolicy {
  /** `suspended` switches nothing by itself, whatever is said of devices, types and outlets. */
  readonly automation: Automation | 'suspended';
  /** Exceptions by the name of a device type, and by the name of a device, which goes first. */
  readonly deviceTypes: Readonly<Record<string, Automation>>;
  readonly devices: Readonly<Record<string, Automation>>;
  /** How long before a slot its device is switched on. */
  readonly lead: number;
  /** How long after a slot its device stays as it is. */
  readonly grace: number;
  /** How long an outlet that nobody has booked stays as somebody switched it. */
  readonly byHand: number;
}

/** What counts in a lab that sets nothing: power follows no booking. */
export const defaultPowerPolicy: PowerPolicy = {
  automation: 'off',
  deviceTypes: {},
  devices: {},
  lead: 5 * 60_000,
  grace: 10 * 60_000,
  byHand: 4 * 60 * 60_000,
};

/**
 * What is so for an outlet: as it was set for this very outlet, else as the policy says of its device.
 * @param own null where nothing was set.
 */
export const modeOf = (
  own: OutletMode | null,
  device: { readonly type: string; readonly name: string } | null,
  policy: PowerPolicy,
): OutletMode => {
  if (policy.automation === 'suspended' || device === null) return 'manual';
  if (own !== null) return own;
  const automation = policy.devices[device.name] ?? policy.deviceTypes[device.type] ?? policy.automation;
  return automation === 'on-demand' ? 'on_demand' : 'manual';
};

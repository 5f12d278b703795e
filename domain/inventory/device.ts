import type { Instant } from '../shared/index.js';
import type { DeviceStatus } from './device-status.js';

/** What can be said about one asset; one row of the inventory. */
export interface DeviceFacts {
  /** The lab's own inventory number, for example `OI-DEV-001001`. */
  readonly oiId: string | null;
  readonly name: string;
  readonly typeId: number;
  readonly manufacturerId: number | null;
  readonly model: string | null;
  readonly serialNumber: string | null;
  readonly status: DeviceStatus;
  readonly siteId: number | null;
  readonly rack: string | null;
  /** Lowest rack unit it occupies. */
  readonly uPosition: number | null;
  readonly hostname: string | null;
  readonly managementIp: string | null;
  /** Label of this row's port on the patch switch. */
  readonly polatisName: string | null;
  readonly polatisPortRange: string | null;
  /** Patch-switch ingress number: the device sends into it. Null when it is not patched. */
  readonly inPort: number | null;
  /** Patch-switch egress number: it sends to the device. Null when it is not patched. */
  readonly outPort: number | null;
  /** The device's own ports as `name:kind`; `1-32:eth` stands for ports 1 to 32. */
  readonly ports: readonly string[];
  readonly ownerGroup: string | null;
  /** The user who answers for it. */
  readonly ownerId: number | null;
  readonly notes: string | null;
}

export interface Device extends DeviceFacts {
  readonly id: number;
  /** Rises with every change of the row, its tags and its papers: who read another version read something else. */
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Null when the lab did it by itself. */
  readonly createdBy: number | null;
  readonly updatedBy: number | null;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** IPv4 or IPv6 address without prefix length or zone. */
export const isIpAddress = (text: string): boolean => IPV4.test(text) || isIpv6(text);

const isIpv6 = (text: string): boolean => {
  if (!text.includes(':') || text.includes(':::')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups[groups.length - 1] ?? '';
  const dotted = last.includes('.');
  if (dotted && !(IPV4.test(last) && text.endsWith(last))) return false;
  const hex = dotted ? groups.slice(0, -1) : groups;
  if (!hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = hex.length + (dotted ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
};

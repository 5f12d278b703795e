import type { Actor, Device, DeviceChange, Instant } from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { DeviceHistory } from './ports.js';

/** What was done to a device; what is left out is nothing. */
export type Done = Pick<DeviceChange, 'action'> & Partial<Pick<DeviceChange, 'fields' | 'notes' | 'metadata'>>;

/**
 * Writes into the history of a device what was done to it. To be called in the unit of work of the deed, by everything
 * that changes what is known of a device.
 */
export const recordChange = (
  { deviceHistory }: { readonly deviceHistory: DeviceHistory },
  actor: Actor,
  device: Pick<Device, 'id' | 'name'>,
  { action, fields = [], notes = null, metadata = null }: Done,
  at: Instant,
): Promise<void> => {
  const { id: actorId, name: actorName } = auditActorOf(actor);
  return deviceHistory.add({
    ...{ deviceId: device.id, deviceName: device.name, action, at, actorId, actorName, notes, fields, metadata },
  });
};

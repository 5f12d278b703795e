import { type DeviceStatus, DomainError, parseDeviceStatus } from '../../../domain/index.js';

/** As the old scheduler wrote them itself. */
export const SCHEDULER_WORDS: readonly string[] = ['Available', 'Maintenance', 'Unavailable'];

/** The word in the new vocabulary; null for none, or one that nobody knows. */
export const deviceStatusOf = (word: string | null): DeviceStatus | null => {
  try {
    return word === null ? null : parseDeviceStatus(word);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
};

/** What only the inventory could say. */
const INVENTORY_ONLY: readonly DeviceStatus[] = ['retired', 'spare', 'planned'];

/**
 * Of two words for one device: what only the inventory could say stands; else the one that keeps the device from being
 * booked.
 */
export const agreedStatus = (scheduler: DeviceStatus | null, inventory: DeviceStatus | null): DeviceStatus => {
  if (scheduler === null || inventory === null) return scheduler ?? inventory ?? 'unavailable';
  if (INVENTORY_ONLY.includes(inventory)) return inventory;
  return scheduler === 'active' ? inventory : scheduler;
};

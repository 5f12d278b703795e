export {
  DEVICE_STATUSES,
  legacyStatusOf,
  parseDeviceStatus,
  type DeviceStatus,
  type LegacyStatus,
} from './device-status.js';
export { DEVICE_CATEGORIES, schedulableByDefault, type DeviceCategory, type DeviceType } from './device-type.js';
export { isIpAddress, type Device, type DeviceFacts } from './device.js';
export {
  legacyMaintenanceOf,
  shownMaintenance,
  slotOfLegacyMaintenance,
  type LegacyMaintenance,
  type MaintenanceWindow,
} from './maintenance.js';
export { isBookable, isInstalled, thingOf, type Thing, type ThingRow } from './thing.js';

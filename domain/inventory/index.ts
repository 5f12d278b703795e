export { fileEndingOf, fileNameOf, type Attachment } from './attachment.js';
export { isColor, type Manufacturer, type Site, type Tag } from './catalogue.js';
export {
  changesBetween,
  describeDevice,
  type DescribedField,
  type DeviceAction,
  type DeviceChange,
  type DeviceDescription,
  type FieldChange,
  type ReferredNames,
} from './device-change.js';
export {
  DEVICE_STATUSES,
  legacyStatusOf,
  parseDeviceStatus,
  type DeviceStatus,
  type LegacyStatus,
} from './device-status.js';
export { DEVICE_CATEGORIES, schedulableByDefault, type DeviceCategory, type DeviceType } from './device-type.js';
export { isIpAddress, type Device, type DeviceFacts } from './device.js';
export { assertHeard, isNews, type HealthSnapshot, type Metric } from './health.js';
export {
  legacyMaintenanceOf,
  shownMaintenance,
  slotOfLegacyMaintenance,
  underMaintenance,
  type LegacyMaintenance,
  type MaintenanceWindow,
} from './maintenance.js';
export { isBookable, isInstalled, keepsBookings, thingOf, whyNotBookable, type Thing, type ThingRow } from './thing.js';

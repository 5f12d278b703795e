export { AddDevice } from './add-device.js';
export { ChangeDevice } from './change-device.js';
export {
  ImportInventory,
  ImportRefused,
  MOST_IMPORT_LINES,
  type ImportChange,
  type ImportReport,
} from './import-inventory.js';
export {
  INVENTORY_COLUMNS,
  type InventoryColumn,
  type InventoryLine,
  type InventoryRow,
  type LineError,
} from './inventory-row.js';
export type { LegacyDeviceForm } from './legacy-device.js';
export { ListDevices, type LegacyDevice } from './list-devices.js';
export type * from './ports.js';
export { RemoveDevice } from './remove-device.js';

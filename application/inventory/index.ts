export { AddDevice } from './add-device.js';
export { ChangeDevice } from './change-device.js';
export type { BulkOutcome } from './bulk-outcome.js';
export { BULK_FIELDS, EditAssets, notInBulk, unknownOwner, type AssetForm, type ChangeTerms } from './edit-assets.js';
export { EditCatalogues, unknownEntry, type CatalogueForms, type CatalogueName } from './edit-catalogues.js';
export { ExportInventory } from './export-inventory.js';
export {
  ImportInventory,
  ImportRefused,
  MOST_IMPORT_LINES,
  type ImportChange,
  type ImportReport,
} from './import-inventory.js';
export {
  INVENTORY_COLUMNS,
  LONGEST,
  PORT,
  type InventoryColumn,
  type InventoryLine,
  type InventoryRow,
  type LineError,
} from './inventory-row.js';
export { KeepPapers, tooLarge, type PaperLimits, type Upload } from './keep-papers.js';
export { unknownDevice, type LegacyDeviceForm } from './legacy-device.js';
export { ListDevices, type LegacyDevice } from './list-devices.js';
export { ASSET_ORDERS } from './ports.js';
export type * from './ports.js';
export { recordChange, type Done } from './record-change.js';
export { RemoveDevice, type Removal } from './remove-device.js';
export type { SeenVersions } from './seen-versions.js';
export { TagDevices, TAG_MODES, type TagMode, type TagTerms } from './tag-devices.js';
export { claimRow } from './thing-membership.js';
export { ViewAssets } from './view-assets.js';

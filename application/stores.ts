import type { AuditStores } from './audit/ports.js';
import type { AdministrationStores } from './administration/ports.js';
import type { BookingStores } from './booking/ports.js';
import type { FeedStores } from './feeds/ports.js';
import type { IdentityStores } from './identity/ports.js';
import type { InventoryStores } from './inventory/ports.js';
import type { NotificationStores } from './notification/ports.js';
import type { PlantStores } from './plant/ports.js';
import type { PowerStores } from './power/power-stores.js';
import type { SettingsStores } from './settings/ports.js';
import type { TopologyStores } from './topology/ports.js';

/** Everything one transaction can reach. Each use case asks for its part only. */
export type Stores = AuditStores &
  SettingsStores &
  IdentityStores &
  InventoryStores &
  BookingStores &
  PowerStores &
  PlantStores &
  TopologyStores &
  AdministrationStores &
  NotificationStores &
  FeedStores;

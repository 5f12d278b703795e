import type { BookingStores } from './booking/ports.js';
import type { FeedStores } from './feeds/ports.js';
import type { IdentityStores } from './identity/ports.js';
import type { InventoryStores } from './inventory/ports.js';
import type { NotificationStores } from './notification/ports.js';

/** Everything one transaction can reach. Each use case asks for its part only. */
export type Stores = IdentityStores & InventoryStores & BookingStores & NotificationStores & FeedStores;

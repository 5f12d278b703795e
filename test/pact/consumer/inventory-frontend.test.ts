import { browserOf } from './browser.js';
import { cataloguePages } from './inventory/catalogues.js';
import { devicePages } from './inventory/devices.js';
import { pactOf } from './pact-of.js';

describe('what the inventory frontend needs', () => {
  const pact = pactOf('inventory-frontend');
  browserOf(pact, 'http://127.0.0.1:25003', '/api/inventory/devices');
  devicePages(pact);
  cataloguePages(pact);
  pact.isWritten();
});

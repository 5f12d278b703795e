import { cataloguePages } from './inventory/catalogues.js';
import { devicePages } from './inventory/devices.js';
import { pactOf } from './pact-of.js';

describe('what the inventory frontend needs', () => {
  const pact = pactOf('inventory-frontend');
  devicePages(pact);
  cataloguePages(pact);
  pact.isWritten();
});

import { accounts } from './old-admin/accounts.js';
import { controlPanel } from './old-admin/control-panel.js';
import { devices } from './old-admin/devices.js';
import { reservations } from './old-admin/reservations.js';
import { pactOf } from './pact-of.js';

describe('what the old admin page needs', () => {
  const pact = pactOf('old-admin');
  accounts(pact);
  devices(pact);
  reservations(pact);
  controlPanel(pact);
  pact.isWritten();
});

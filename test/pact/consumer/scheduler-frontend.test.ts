import { browserOf } from './browser.js';
import { pactOf } from './pact-of.js';
import { conflictsPage } from './scheduler/conflicts-page.js';
import { dayGrid, favourites } from './scheduler/day-grid.js';
import { drawing } from './scheduler/drawing.js';
import { myBookings } from './scheduler/my-bookings.js';
import { signingIn } from './scheduler/signing-in.js';

describe('what the scheduler frontend needs', () => {
  const pact = pactOf('scheduler-frontend');
  browserOf(pact, 'http://127.0.0.1:25002', '/bookings');
  signingIn(pact);
  dayGrid(pact);
  favourites(pact);
  myBookings(pact);
  drawing(pact);
  conflictsPage(pact);
  pact.isWritten();
});

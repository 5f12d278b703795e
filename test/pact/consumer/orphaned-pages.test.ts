import { decisions } from './orphaned/decisions.js';
import { oldClient } from './orphaned/old-client.js';
import { pactOf } from './pact-of.js';

describe('what pages need that nothing mounts any more', () => {
  const pact = pactOf('orphaned-pages');
  oldClient(pact);
  decisions(pact);
  pact.isWritten();
});

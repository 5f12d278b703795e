import { pactOf } from './pact-of.js';
import { signingIn } from './scheduler/signing-in.js';

describe('what the scheduler frontend needs', () => {
  const pact = pactOf('scheduler-frontend');
  signingIn(pact);
  pact.isWritten();
});

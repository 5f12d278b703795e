import { eventStream } from './monitor/event-stream.js';
import { monitoredRoutes } from './monitor/routes.js';
import { pactOf } from './pact-of.js';

describe('what the lab monitor needs', () => {
  const pact = pactOf('lab-monitor');
  monitoredRoutes(pact);
  eventStream(pact);
  pact.isWritten();
});

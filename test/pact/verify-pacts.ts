import { PACTS } from './consumer/pact-of.js';
import { STAGES } from './provider/stage.js';
import { verifyAll } from './provider/verify-all.js';

try {
  const kept = await verifyAll(process.env, PACTS, STAGES, console.log);
  process.exitCode = kept ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

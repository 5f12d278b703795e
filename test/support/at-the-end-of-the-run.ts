import { stopPrivateMariaDb } from './private-mariadb.js';
import { closeSpares } from './stores.js';

/** What mocha does once after all files. One of several processes that run them is ended, and all that it started. */
export const mochaGlobalTeardown = async (): Promise<void> => {
  await closeSpares();
  await stopPrivateMariaDb();
};

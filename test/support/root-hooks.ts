import { stopPrivateMariaDb } from './private-mariadb.js';
import { closeSpares } from './stores.js';

/** What mocha does once around all files. */
export const mochaHooks: Mocha.RootHookObject = {
  afterAll: async () => {
    await closeSpares();
    await stopPrivateMariaDb();
  },
};

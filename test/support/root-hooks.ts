import { stopPrivateMariaDb } from './private-mariadb.js';

/** What mocha does once around all files. */
export const mochaHooks: Mocha.RootHookObject = {
  afterAll: () => stopPrivateMariaDb(),
};

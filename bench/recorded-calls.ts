import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'typeorm';
import { openDatabase } from '../adapters/typeorm/open-database.js';
import { logging, typeormPersistence } from '../composition/adapters.js';
import { compose } from '../composition/compose.js';
import { loadConfig } from '../composition/config.js';
import { Client, type HttpCall } from './client.js';
import type { SqlValue, Statement } from './floor-plan.js';

export interface RecordedCall {
  readonly status: number;
  readonly reply: unknown;
  readonly statements: readonly Statement[];
}

const nothing = (): void => undefined;

/** Makes each call once, of a lab composed here over the same database, and notes the SQL that it takes. */
export const recordCalls = async (
  environment: Readonly<Record<string, string>>,
  calls: readonly HttpCall[],
): Promise<RecordedCall[]> => {
  const config = loadConfig(environment);
  const database = await openDatabase(config.env.DATABASE_URL);
  let statements: Statement[] = [];
  const logger: Logger = {
    logQuery: (sql, parameters) => statements.push({ sql, parameters: (parameters as SqlValue[] | undefined) ?? [] }),
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  };
  database.source.setOptions({ logger });
  const lab = compose(config, { persistence: typeormPersistence(database), logging: logging('silent') });
  const sessionSecret = config.env.SESSION_SECRET ?? '';
  const settings = {
    sessionSecret,
    frontendOrigins: null,
    limited: false,
    trustProxy: false,
    version: 'bench',
    metricsToken: null,
  };
  const server = createServer(lab.http(settings)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const recorded: RecordedCall[] = [];
  for (const call of calls) {
    statements = [];
    const { status, body } = await client.send(call);
    recorded.push({ status, reply: JSON.parse(body.toString()), statements });
  }
  client.close();
  server.close();
  await database.close();
  return recorded;
};

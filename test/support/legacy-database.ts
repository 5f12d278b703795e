import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { legacyFile } from './legacy-lab.js';
import { freshDatabase } from './private-mariadb.js';

let loaded: Promise<string> | undefined;

/** The URL of a database of the private MariaDB with the old lab in it, which is only read. */
export const legacyDatabase = (): Promise<string> => (loaded ??= legacyCopy());

/** The same in a database of its own, to be changed. */
export const legacyCopy = async (): Promise<string> => {
  const url = await freshDatabase();
  const connection = await createConnection({ uri: url, multipleStatements: true, charset: 'utf8mb4' });
  await connection.query(readFileSync(legacyFile('lab.sql'), 'utf8'));
  await connection.end();
  return url;
};

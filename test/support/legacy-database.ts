import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { legacyFile } from './legacy-lab.js';
import { freshDatabase } from './private-mariadb.js';

/** The URL of a new database of the private MariaDB with the old lab in it. */
export const legacyDatabase = async (): Promise<string> => {
  const url = await freshDatabase();
  const connection = await createConnection({ uri: url, multipleStatements: true, charset: 'utf8mb4' });
  await connection.query(readFileSync(legacyFile('lab.sql'), 'utf8'));
  await connection.end();
  return url;
};

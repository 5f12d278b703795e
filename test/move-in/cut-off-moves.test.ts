import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { TypeormNewHome } from '../../adapters/typeorm/move-in/typeorm-new-home.js';
import type { Database } from '../../adapters/typeorm/database.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { AesCredentialVault } from '../../adapters/crypto/aes-credential-vault.js';
import { sha256Digest } from '../../adapters/crypto/sha256-digest.js';
import { MoveIn } from '../../application/move-in/index.js';
import { defaultBookingPolicy, LabZone } from '../../domain/index.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { AS_OF, oldHome } from '../support/moving-in.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { RecordingHasher } from '../support/recording-hasher.js';
import { tablesIn } from '../support/stores.js';

const moveInto = (database: Database) =>
  new MoveIn(
    new TypeormNewHome(database),
    new RecordingHasher(),
    new AesCredentialVault(null, {}),
    sha256Digest,
    new ManualClock(AS_OF),
    { zone: new LabZone('Europe/Dublin'), policy: defaultBookingPolicy },
  ).execute(oldHome());

/** How many rows there are, but for the migrations and what these noted. */
const rowsIn = async (database: Database): Promise<number> => {
  let sum = 0;
  for (const table of (await tablesIn(database)).filter((name) => name !== 'migrations')) {
    const [row] = await database.source.query<{ n: number }[]>(`SELECT COUNT(*) AS n FROM ${table}`);
    sum += Number(row?.n);
  }
  return sum;
};

describe('a move that fails in the middle, on SQLite', () => {
  // In the order of writing: early, in the middle, among the last.
  for (const table of ['users', 'bookings', 'power_outlets']) {
    it(`leaves nothing behind when ${table} cannot be written, and can be made again`, async () => {
      const database = await openDatabase('sqlite::memory:');
      const before = await rowsIn(database);
      await database.source.query(
        `CREATE TRIGGER broken BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END`,
      );
      const error: unknown = await moveInto(database).catch((failure: unknown) => failure);
      expect(String(error)).to.include('the disk is broken');
      expect(await rowsIn(database)).to.equal(before);
      if (table === 'power_outlets') {
        await database.source.query('DROP TRIGGER broken');
        expect((await moveInto(database)).outcome).to.equal('moved');
      }
      await database.close();
    });
  }
});

onMariaDb('a move whose process is killed in the middle, on MariaDB', () => {
  it('leaves nothing behind', async function () {
    this.timeout(60_000);
    const url = await freshDatabase();
    const database = await openDatabase(url);
    const before = await rowsIn(database);
    const keeper = await createConnection(url);
    /** The connections that do what the condition says. */
    const connections = async (condition: string): Promise<number[]> => {
      const sql = `SELECT id FROM information_schema.processlist WHERE ${condition}`;
      return (await keeper.query<RowDataPacket[]>(sql))[0].map((row) => Number(row.id));
    };
    // The move comes to a stop at this table, with most of the lab written and nothing committed.
    await keeper.query('LOCK TABLES topology_reviews WRITE');
    const child: ChildProcess = fork(fileURLToPath(new URL('../support/moving-process.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
    });
    await once(child, 'message');
    child.send(url);
    const waiting = await eventually(
      'the move to wait for the table',
      async () => (await connections(`state LIKE 'Waiting for table%' AND info LIKE 'INSERT%'`))[0],
    );
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await keeper.query('UNLOCK TABLES');
    await eventually('the server to notice', async () => (await connections(`id = ${waiting}`)).length === 0);
    expect(await rowsIn(database)).to.equal(before);
    expect(await new TypeormNewHome(database).inTheWay()).to.deep.equal([]);
    await keeper.end();
    await database.close();
  });
});

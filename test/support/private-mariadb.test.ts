import { expect } from 'chai';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { freshDatabase, onMariaDb, privateMariaDb } from './private-mariadb.js';

onMariaDb('the private MariaDB', () => {
  const open: Connection[] = [];

  const connect = async (): Promise<Connection> => {
    const connection = await createConnection(await freshDatabase());
    open.push(connection);
    return connection;
  };

  const one = async (connection: Connection, sql: string): Promise<unknown> => {
    const [[row]] = await connection.query<RowDataPacket[]>(sql);
    return row && Object.values(row)[0];
  };

  after(() => Promise.all(open.map((connection) => connection.end())));

  it('is MariaDB', async () => {
    expect(await one(await connect(), 'SELECT VERSION()')).to.match(/MariaDB/);
  });

  it('is one server, whoever asks', async () => {
    expect(await privateMariaDb()).to.equal(await privateMariaDb());
  });

  it('keeps two databases apart, and any script in them', async () => {
    const [here, there] = [await connect(), await connect()];
    await here.query('CREATE TABLE note (body VARCHAR(10))');
    await here.query('INSERT INTO note VALUES (?)', ['Ω 測 🔌']);
    expect(await one(here, 'SELECT body FROM note')).to.equal('Ω 測 🔌');
    expect(await one(there, 'SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()')).to.equal(
      0,
    );
  });
});

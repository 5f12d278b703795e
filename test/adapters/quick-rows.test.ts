import { expect } from 'chai';
import type Sqlite from 'better-sqlite3';
import { sqliteDriver } from '../../adapters/sqlite-driver.js';
import { giveQuickRows } from '../../adapters/typeorm/quick-rows.js';

describe('quick rows of the embedded database', () => {
  const open = (): Sqlite.Database => {
    const connection = new sqliteDriver(':memory:');
    connection.exec(`CREATE TABLE devices (id INTEGER PRIMARY KEY, name TEXT, power REAL, photo BLOB);
      INSERT INTO devices VALUES (1, 'ROADM-1', 0.5, x'00ff'), (2, NULL, NULL, NULL), (3, '', -1e300, x'')`);
    return connection;
  };
  const both = (): [Sqlite.Database, Sqlite.Database] => {
    const quick = open();
    giveQuickRows(quick);
    return [open(), quick];
  };

  for (const [what, sql, ...parameters] of [
    ['every type and null', 'SELECT * FROM devices ORDER BY id'],
    [
      'names given in the query',
      'SELECT id AS deviceId, COUNT(*) AS "how many" FROM devices WHERE id > ? GROUP BY id',
      1,
    ],
    ['a name given twice: the last one counts', 'SELECT id AS a, name AS a FROM devices ORDER BY id'],
    ['a name that objects have already', 'SELECT id AS "constructor" FROM devices'],
    ['nothing', 'SELECT * FROM devices WHERE id = ?', 99],
    ['what a write returns', `UPDATE devices SET name = 'x' WHERE id = ? RETURNING id, name`, 2],
  ] as const) {
    it(`say the same as the driver: ${what}`, () => {
      const [plain, quick] = both();
      expect(quick.prepare(sql).all(...parameters)).to.deep.equal(plain.prepare(sql).all(...parameters));
    });
  }

  it('are the same when a statement is used again', () => {
    const [plain, quick] = both();
    const [slow, fast] = [plain, quick].map((connection) =>
      connection.prepare('SELECT name FROM devices WHERE id = ?'),
    );
    for (const id of [1, 2, 1]) expect(fast?.all(id)).to.deep.equal(slow?.all(id));
  });

  it('leave writes and refusals as they are', () => {
    const [, quick] = both();
    expect(quick.prepare('INSERT INTO devices (id) VALUES (?)').run(7)).to.deep.equal({
      changes: 1,
      lastInsertRowid: 7,
    });
    expect(() => quick.prepare('INSERT INTO devices (id) VALUES (?)').run(7)).to.throw(/UNIQUE/);
    expect(() => quick.prepare('SELECT nonsense FROM devices')).to.throw(/no such column/);
  });
});

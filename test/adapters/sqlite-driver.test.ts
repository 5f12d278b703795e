import { expect } from 'chai';
import { sqlitePackageFor } from '../../adapters/sqlite-driver.js';

describe('the driver of SQLite', () => {
  for (const [version, name] of [
    ['20.19.0', 'better-sqlite3'],
    ['22.23.3', 'better-sqlite3'],
    ['24.0.0', 'better-sqlite3-13'],
    ['24.21.0', 'better-sqlite3-13'],
    ['26.1.0', 'better-sqlite3-13'],
  ] as const) {
    it(`is ${name} under Node ${version}`, () => {
      expect(sqlitePackageFor(version)).to.equal(name);
    });
  }
});

import { createRequire } from 'node:module';
import type Sqlite from 'better-sqlite3';

const require = createRequire(import.meta.url);

/**
 * The package that drives SQLite under this Node. Since 24.19, Node's ObjectWrap, from which better-sqlite3 12 is made,
 * asks for an environment when a wrapped object is collected, and there is none when V8 collects while nothing runs: the
 * process ends by SIGABRT. Version 13 is made without it and needs Node 22, where 12 is at home as well.
 * @param version as in `process.versions.node`.
 */
export const sqlitePackageFor = (version: string): 'better-sqlite3' | 'better-sqlite3-13' =>
  Number(version.split('.')[0]) >= 24 ? 'better-sqlite3-13' : 'better-sqlite3';

/** Drives SQLite; whoever opens a file takes it from here. */
export const sqliteDriver = require(sqlitePackageFor(process.versions.node)) as typeof Sqlite;

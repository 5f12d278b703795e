/**
 * What an operator should know of the Node that runs this with an SQLite database, whose driver depends on it; null for
 * one that is fine. Since 24.19, Node's ObjectWrap asks for an environment when a wrapped object is collected, and there
 * is none when V8 collects while nothing runs: the process ends by SIGABRT, better-sqlite3 12 with it.
 * @param version as in `process.versions.node`.
 */
export const nodeNotice = (version: string, databaseUrl: string): string | null => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (!databaseUrl.startsWith('sqlite:') || major < 24 || (major === 24 && minor < 19)) return null;
  return `Node ${version} ends processes that use SQLite without warning (SIGABRT). Please run this with Node 20.19 or 22, or on MariaDB.`;
};

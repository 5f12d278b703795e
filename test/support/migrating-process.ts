/**
 * A program for tests that start several at the same moment: it is sent the URL of a database once it has loaded,
 * opens that, and sends back which migrations the database has had.
 */
import { openDatabase } from '../../adapters/typeorm/open-database.js';

process.once('message', (url: string) => {
  void (async () => {
    const database = await openDatabase(url);
    const rows = await database.source.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
    await database.close();
    process.send?.(rows.map(({ name }) => name));
    process.disconnect();
  })();
});
process.send?.('loaded');

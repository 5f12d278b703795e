import { MemoryRateCounters } from '../../adapters/memory/rate-counters.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { TypeormRateCounters } from '../../adapters/typeorm/limits/typeorm-rate-counters.js';
import { rateCountersContract } from '../contracts/index.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';

const inDatabase = async (url: string) => {
  const database = await openDatabase(url);
  return { counters: new TypeormRateCounters(database), close: () => database.close() };
};

rateCountersContract('memory', () =>
  Promise.resolve({ counters: new MemoryRateCounters(), close: () => Promise.resolve() }),
);
rateCountersContract('TypeORM on SQLite', () => inDatabase('sqlite::memory:'));
onMariaDb('on MariaDB', () => {
  rateCountersContract('TypeORM', async () => inDatabase(await freshDatabase()));
});

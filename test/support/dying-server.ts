/**
 * The server, except that it kills itself with SIGKILL instead of its n-th write. The file that DYING_ORDER names says which n;
 * SIGUSR2 makes it read that and begin to count.
 */
import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { WatchedWrites } from './watched-writes.js';

const obey = (writes: WatchedWrites): void => {
  process.on('SIGUSR2', () => {
    const order = readFileSync(process.env.DYING_ORDER ?? '', 'utf8');
    writes.expect(Number(order), () => process.kill(process.pid, 'SIGKILL'));
    process.stderr.write(`will die at write ${order}\n`);
  });
};

const prototype = DataSource.prototype as { initialize: (this: DataSource) => Promise<DataSource> };
const { initialize } = prototype;
prototype.initialize = async function () {
  const source = await initialize.call(this);
  obey(new WatchedWrites(source));
  return source;
};

await import('../../composition/main.js');

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Database } from '../../adapters/typeorm/database.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { typeormPersistence } from '../../composition/adapters.js';
import { compose, type Lab } from '../../composition/compose.js';
import type { BookingEvent } from '../../domain/index.js';
import { DiscordSink } from '../support/discord-sink.js';
import { eventually } from '../support/eventually.js';
import { usualConfig } from '../support/labs.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { Program } from '../support/server-process.js';

/** A process is compiled when it starts, and each death takes one. */
const PATIENCE = 180_000;

/** More writes than telling of one event takes: two leases, the fan-out, the claim, the outcome. */
const MOST_WRITES = 40;

const anEvent = (owner: number, name: string): BookingEvent => ({
  ...{ type: 'booking.requested', at: Date.now(), actorId: owner, concerns: [owner], groupId: name, ownerId: owner },
  ...{ collaboratorIds: [], message: '' },
  bookings: [
    { id: 1, deviceId: 1, deviceType: 'ROADM', deviceName: name, start: 0, end: 1, status: 'PENDING', createdAt: 0 },
  ],
});

const survivesDeaths = (databaseUrl: (folder: string) => Promise<string>): void => {
  let folder: string;
  let sink: DiscordSink;
  let database: Database;
  let lab: Lab;
  let url: string;
  const programs: Program[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'openlab-telling-'));
    url = await databaseUrl(folder);
    sink = await new DiscordSink().start();
    database = await openDatabase(url);
    lab = compose(usualConfig, { persistence: typeormPersistence(database) });
  });
  after(async function () {
    this.timeout(PATIENCE);
    await Promise.all(programs.map((program) => program.kill()));
    await sink.stop();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (): Promise<Program> => {
    const program = new Program('../test/support/dying-server.ts', folder, {
      ...{ DATABASE_URL: url, SESSION_SECRET: 'a secret of all of them', DYING_ORDER: path.join(folder, 'order') },
      ...{ HOST: '127.0.0.1', PORT: '0', SEED: 'none', LOG_LEVEL: 'warn', BOOKING_WEBHOOK: sink.url },
    });
    programs.push(program);
    await program.hasSaid(/is at (http:\/\/\S+)/);
    return program;
  };
  const order = async (program: Program, nth: number) => {
    writeFileSync(path.join(folder, 'order'), String(nth));
    program.signal('SIGUSR2');
    await program.hasSaid(new RegExp(`will die at write ${nth}\\n$`));
  };
  const isTold = async () => {
    const { untold } = await lab.notifications.anythingDue(0, []);
    const waiting = await lab.notifications.withState('waiting', { limit: 1, offset: 0 });
    return !untold && waiting.total === 0;
  };
  /** What a dead process had claimed comes due, as it does by itself after a minute. */
  const letTimePass = () =>
    database.transaction(async (manager) => {
      await manager.query(`UPDATE notifications SET due_at = 0 WHERE state = 'waiting'`);
      await manager.query('UPDATE leases SET expires_at = 0');
    });
  const timesTold = (name: string) => sink.contents.filter((content) => content.includes(`${name} for`)).length;

  it('repeats at most what was under way, once, and loses nothing', async function () {
    this.timeout(PATIENCE);
    const { id } = await lab.httpParts.useCases.registerUser.execute({
      ...{ username: 'ada', password: 'x'.repeat(20), password2: 'x'.repeat(20) },
    });
    let next = start();
    const told: number[] = [];
    for (let nth = 1; nth <= MOST_WRITES; nth += 1) {
      const program = await next;
      await order(program, nth);
      const name = `Event-${nth}`.replace('-', '');
      await lab.work.run(({ events }) => events.append(anEvent(id, name)));
      await eventually('the server to have told, or to be dead', async () => program.hasEnded || (await isTold()));
      const died = !(await isTold()) || program.hasEnded;
      if (!died) {
        expect(nth, 'there were writes at which it could die').to.be.greaterThan(6);
        expect(timesTold(name)).to.equal(1);
        expect(
          told.every((times) => times === 1 || times === 2),
          told.join(),
        ).to.equal(true);
        expect(told).to.include(1);
        expect(told, 'one death was between sending and writing it down').to.include(2);
        return;
      }
      await program.ended;
      await letTimePass();
      const another = await start();
      await order(another, Infinity);
      await eventually('the next server to have told', isTold);
      told.push(timesTold(name));
      next = Promise.resolve(another);
    }
    throw new Error('it died for ever');
  });
};

/** A process for each write takes a minute for each store: `npm run torture:telling`. */
const here = process.env.TELLING_DEATHS === 'all' ? describe : describe.skip;

here('a server killed with -9 at any write while it tells', () => {
  describe('on SQLite', () => {
    survivesDeaths((folder) => Promise.resolve(`sqlite:${path.join(folder, 'lab.sqlite')}`));
  });
  onMariaDb('on MariaDB', () => {
    survivesDeaths(freshDatabase);
  });
});

import { expect } from 'chai';
import { RecordingNotifier } from '../../adapters/memory/recording-notifier.js';
import type { Database } from '../../adapters/typeorm/database.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { typeormPersistence, system } from '../../composition/adapters.js';
import { compose, type Lab } from '../../composition/compose.js';
import { notifiers } from '../../composition/notifiers.js';
import { MINUTE, type BookingEvent } from '../../domain/index.js';
import { tell } from '../support/correspondents.js';
import { usualConfig } from '../support/labs.js';
import { ManualClock, MONDAY_MORNING } from '../support/manual-clock.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { WatchedWrites } from '../support/watched-writes.js';

const cutOff = (databaseUrl: () => Promise<string>): void => {
  let database: Database;
  before(async () => {
    database = await openDatabase(await databaseUrl());
  });
  after(() => database.close());

  it('leaves everything told in the end, and repeats at most what was under way, once', async () => {
    const clock = new ManualClock();
    const [room, mail] = [new RecordingNotifier(), new RecordingNotifier()];
    const writes = new WatchedWrites(database.source);
    /** A process that remembers nothing of those before. */
    const aProcess = (): Lab =>
      compose(usualConfig, {
        persistence: typeormPersistence(database),
        system: system(clock),
        notifiers: notifiers(
          new Map([
            ['booking-webhook', room],
            ['email', mail],
          ]),
        ),
      });
    const form = { username: 'ada', password: 'x'.repeat(20), password2: 'x'.repeat(20), email: 'ada@people.example' };
    const { id } = await aProcess().httpParts.useCases.registerUser.execute(form);
    const happen = (groupId: string) => {
      const event: BookingEvent = {
        ...{ type: 'booking.requested', at: MONDAY_MORNING, actorId: id, concerns: [id], groupId, ownerId: id },
        ...{ collaboratorIds: [], message: groupId, bookings: [] },
      };
      return aProcess().work.run(({ events }) => events.append(event));
    };
    const timesTold = (notifier: RecordingNotifier, groupId: string) =>
      notifier.letters.filter(({ message }) => message.facts.some(({ text }) => text === groupId)).length;

    const repeated: string[] = [];
    for (let nth = 1; ; nth += 1) {
      const name = `event ${nth}`;
      await happen(name);
      const cut = () => {
        throw new Error('cut off');
      };
      writes.expect(nth, cut, Infinity);
      await tell(aProcess()).catch(() => undefined);
      const { struck } = writes;
      writes.forget();
      clock.advance(MINUTE);
      await tell(aProcess());
      for (const [channel, notifier] of [
        ['room', room],
        ['mail', mail],
      ] as const) {
        expect(timesTold(notifier, name), `${channel} of ${name}`).to.be.within(1, 2);
        if (timesTold(notifier, name) === 2) repeated.push(`${channel} of ${name}`);
      }
      if (!struck) {
        expect(nth).to.be.greaterThan(6);
        break;
      }
    }
    expect(repeated, 'what was cut off between sending and writing it down').not.to.be.empty;
    const waiting = await aProcess().notifications.withState('waiting', { limit: 1, offset: 0 });
    expect(waiting.total).to.equal(0);
  });
};

describe('telling that is cut off at any write', () => {
  describe('on SQLite', () => {
    cutOff(() => Promise.resolve('sqlite::memory:'));
  });
  onMariaDb('on MariaDB', () => {
    cutOff(freshDatabase);
  });
});

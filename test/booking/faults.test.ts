import { expect } from 'chai';
import supertest from 'supertest';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { HOUR, isoOf } from '../../domain/index.js';
import { daysOf } from '../support/booking-forms.js';
import { deviceForm } from '../support/device-forms.js';
import { aDevice, importDevices } from '../support/devices.js';
import { fileOf, importFile, labLines } from '../support/inventory-file.js';
import { labOver, type OpenLab } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { accountForm, administrator, signedIn, signedInAgain, type Agent } from '../support/people.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { databaseStore } from '../support/stores.js';
import { WatchedWrites } from '../support/watched-writes.js';

const DATES = ['2026-11-24', '2026-11-25'];

/** A lab whose database can fail, and the people in it. */
interface BrittleLab extends OpenLab {
  readonly writes: WatchedWrites;
  readonly clock: ManualClock;
  readonly root: Agent;
  readonly ada: Agent;
  readonly bob: Agent;
}

const openBrittleLab = async (url: string): Promise<BrittleLab> => {
  const database = await openDatabase(url);
  const writes = new WatchedWrites(database.source);
  const clock = new ManualClock();
  const store = databaseStore(database, () => Promise.reject(new Error('this store is opened once')));
  const open = await labOver(store, { clock });
  const root = await administrator(open.lab, open.app);
  return { ...open, writes, clock, root, ada: await signedIn(open.app, 'ada'), bob: await signedIn(open.app, 'bob') };
};

/** Something that is done in one go, and whether it was. */
type Deed = () => Promise<boolean>;

/** Prepares what the deed is done to. */
type Scene = (lab: BrittleLab) => Promise<Deed>;

type Sent = PromiseLike<{ readonly status: number; readonly text: string }>;

/** A request, which is either answered 200 or 201, or with an unexpected error. */
const request =
  (send: () => Sent): Deed =>
  async () => {
    const { status, text } = await send();
    if (status !== 500 && status !== 200 && status !== 201) throw new Error(`answered ${status}: ${text}`);
    return status !== 500;
  };

/** A use case, which is either done or fails as the database did. */
const work =
  (run: () => Promise<unknown>): Deed =>
  async () => {
    try {
      await run();
      return true;
    } catch (error) {
      if (!(error instanceof Error) || error.message !== BROKEN) throw error;
      return false;
    }
  };

const BROKEN = 'the database failed on purpose';

const bookedId = async (agent: Agent, form: object): Promise<number> => {
  const { body } = await agent.post('/bookings').send(form).expect(200);
  return body.bookings[0].booking_id as number;
};

const bookedGroup = async (agent: Agent, form: object): Promise<string> => {
  const { body } = await agent.post('/bookings').send(form).expect(200);
  return body.grouped_booking_id as string;
};

const contend = { message: 'me too' };

/**
 * Everything that writes more than one row, and how many statements that takes at least, the commit included. One lab sees them all,
 * in this order: those that let time pass come last.
 */
const scenes: Readonly<Record<string, { readonly atLeast: number; readonly scene: Scene }>> = {
  'booking several devices with company, under a key': {
    atLeast: 6,
    scene: async ({ lab, ada }) => {
      const devices = [await aDevice(lab), await aDevice(lab), await aDevice(lab)];
      const bookings = devices.flatMap((device) => daysOf(device, DATES).bookings);
      const form = { bookings, collaborators: ['bob'], message: 'three of a kind' };
      return request(() => ada.post('/bookings').set('Idempotency-Key', 'three').send(form));
    },
  },
  'refusing a booking under a key': {
    atLeast: 3,
    scene: async ({ lab, ada, bob }) => {
      const form = daysOf(await aDevice(lab), DATES);
      await bookedId(ada, form);
      return async () => {
        const { status } = await bob.post('/bookings').set('Idempotency-Key', 'refused').send(form);
        if (status !== 500 && status !== 409) throw new Error(`answered ${status}`);
        return status === 409;
      };
    },
  },
  'adding to a group': {
    atLeast: 3,
    scene: async ({ lab, ada }) => {
      const group = await bookedGroup(ada, daysOf(await aDevice(lab), DATES));
      const form = daysOf(await aDevice(lab), DATES, { grouped_booking_id: group });
      return request(() => ada.post('/bookings').send(form));
    },
  },
  'cancelling, so that another gets the slot': {
    atLeast: 4,
    scene: async ({ lab, ada, bob }) => {
      const device = await aDevice(lab);
      const id = await bookedId(ada, daysOf(device, DATES));
      await bookedId(bob, daysOf(device, DATES, contend, 'CONFLICTING'));
      return request(() => ada.put(`/bookings/${id}/cancel`));
    },
  },
  'cancelling a group': {
    atLeast: 6,
    scene: async ({ lab, ada, bob }) => {
      const devices = [await aDevice(lab), await aDevice(lab)];
      const group = await bookedGroup(ada, { bookings: devices.flatMap((device) => daysOf(device, DATES).bookings) });
      await bookedId(bob, daysOf(devices[0] ?? 0, DATES, contend, 'CONFLICTING'));
      return request(() => ada.delete(`/api/bookings/group/${group}`));
    },
  },
  'deleting what holds, so that another gets the slot': {
    atLeast: 5,
    scene: async ({ lab, ada, bob, root }) => {
      const device = await aDevice(lab);
      const id = await bookedId(ada, daysOf(device, DATES, { collaborators: ['root'] }));
      await bookedId(bob, daysOf(device, DATES, contend, 'CONFLICTING'));
      return request(() => root.delete(`/bookings/${id}`));
    },
  },
  'deciding about several bookings': {
    atLeast: 4,
    scene: async ({ lab, ada, bob, root }) => {
      const device = await aDevice(lab);
      const ids = [
        await bookedId(ada, daysOf(device, DATES)),
        await bookedId(bob, daysOf(device, DATES, contend, 'CONFLICTING')),
      ].reverse();
      return request(() => root.post('/admin/v2/bookings/approve').send({ booking_ids: ids }));
    },
  },
  'extending a group': {
    atLeast: 4,
    scene: async ({ lab, ada }) => {
      const group = await bookedGroup(ada, daysOf(await aDevice(lab), DATES, { collaborators: ['bob'] }));
      return request(() => ada.patch(`/api/bookings/group/${group}/extend`).send({ new_end_date: '2026-11-28' }));
    },
  },
  'extending a booking': {
    atLeast: 3,
    scene: async ({ lab, ada }) => {
      const id = await bookedId(ada, daysOf(await aDevice(lab), DATES.slice(0, 1)));
      return request(() => ada.patch(`/bookings/${id}/extend`).send({ new_end_date: '2026-11-28' }));
    },
  },
  'booking a group again': {
    atLeast: 4,
    scene: async ({ lab, ada }) => {
      const group = await bookedGroup(ada, daysOf(await aDevice(lab), DATES, { collaborators: ['bob'] }));
      const range = { start_date: '2026-12-08', end_date: '2026-12-09' };
      return request(() => ada.post(`/api/bookings/group/${group}/rebook`).send(range));
    },
  },
  'changing the company of a booking': {
    atLeast: 4,
    scene: async ({ lab, ada }) => {
      const id = await bookedId(ada, daysOf(await aDevice(lab), DATES, { collaborators: ['bob'] }));
      return request(() => ada.patch(`/bookings/${id}/collaborators`).send({ collaborators: ['root'] }));
    },
  },
  'announcing maintenance': {
    atLeast: 3,
    scene: async ({ lab, ada, root }) => {
      const device = await aDevice(lab);
      await bookedId(ada, daysOf(device, DATES));
      const window = { start_time: '2026-11-24T00:00:00Z', end_time: '2026-12-24T00:00:00Z', reason: 'fans' };
      return request(() => root.post(`/api/devices/${device}/maintenance`).send(window));
    },
  },
  'adding a device of a new type, under maintenance': {
    atLeast: 5,
    scene: ({ root }) =>
      Promise.resolve(
        request(() =>
          root.post('/admin/devices').send(
            deviceForm({
              deviceType: 'Brand new',
              maintenance_start: 'All Day/2026-12-24',
              maintenance_end: 'All Day/2026-12-26',
            }),
          ),
        ),
      ),
  },
  'moving the first row of a device with bookings to another one': {
    atLeast: 6,
    scene: async ({ lab, ada, bob, root }) => {
      const row = (name: string, port: number) => ({ name, in_port: String(port), out_port: String(port) });
      const [first = 0, second = 0, other = 0] = await importDevices(lab, [
        row('Here', 1),
        row('Here', 2),
        row('There', 3),
      ]);
      await bookedId(ada, daysOf(second, DATES));
      await bookedId(bob, daysOf(other, DATES));
      const form = deviceForm({
        ...{ deviceName: 'There', ip_address: null, In_Port: '1', Out_Port: '1' },
        ...{ maintenance_start: 'All Day/2026-12-24', maintenance_end: 'All Day/2026-12-26' },
      });
      return request(() => root.put(`/admin/devices/${first}`).send(form));
    },
  },
  'importing an inventory': {
    atLeast: 15,
    scene: async ({ lab, ada }) => {
      const lines = labLines(6);
      await importFile(lab, fileOf(lines.slice(0, 3)));
      const devices = await lab.devices.list({ schedulableOnly: true });
      await bookedId(ada, daysOf(devices.at(-1)?.id ?? 0, DATES));
      const renamed = lines.map((line) => ({ ...line, name: line.name.replace('TeraFlex', 'Flex') }));
      return work(() => importFile(lab, fileOf(renamed)));
    },
  },
  registering: {
    atLeast: 3,
    scene: ({ lab }) => {
      const { registerUser } = lab.httpParts.useCases;
      return Promise.resolve(work(() => registerUser.execute({ ...accountForm('carol'), email: 'carol@lab.example' })));
    },
  },
  'booking where somebody has just run out of time': {
    atLeast: 5,
    scene: async ({ lab, ada, bob, root, clock }) => {
      const device_id = await aDevice(lab);
      const begun = clock.now();
      const until = (hours: number, status = 'PENDING') => ({
        bookings: [{ device_id, start_time: isoOf(begun + HOUR), end_time: isoOf(begun + hours * HOUR), status }],
      });
      await bookedId(ada, until(2));
      await bookedId(bob, until(8, 'CONFLICTING'));
      clock.advance(3 * HOUR);
      return request(() => root.post('/bookings').send(until(5, 'CONFLICTING')));
    },
  },
  'removing a device with a history': {
    atLeast: 6,
    scene: async ({ lab, ada, bob, root, clock }) => {
      const device = await aDevice(lab, { tags: 'blue;green' });
      await bookedId(ada, daysOf(device, DATES));
      await bookedId(bob, daysOf(device, DATES, contend, 'CONFLICTING'));
      clock.set(Date.parse('2026-11-26T09:00:00Z'));
      return request(() => root.delete(`/admin/devices/${device}`));
    },
  },
};

const failsWhole = (emptyDatabase: () => Promise<string>): void => {
  let lab: BrittleLab;
  before(async () => {
    lab = await openBrittleLab(await emptyDatabase());
  });
  after(() => lab.close());

  for (const [title, { atLeast, scene }] of Object.entries(scenes)) {
    it(title, async () => {
      const deed = await scene(lab);
      const before = await lab.store.rows();
      let failures = 0;
      for (;;) {
        lab.writes.expect(failures + 1, () => {
          throw new Error(BROKEN);
        });
        const done = await deed();
        const { struck } = lab.writes;
        lab.writes.forget();
        expect(done, `write ${failures + 1} failed`).to.equal(!struck);
        if (done) break;
        failures += 1;
        expect(await lab.store.rows(), `after write ${failures} failed`).to.deep.equal(before);
      }
      expect(failures).to.be.at.least(atLeast);
      expect(await lab.store.rows()).not.to.deep.equal(before);
      expect((await lab.lab.checkInvariants.execute()).violations).to.deep.equal([]);
    });
  }

  it('registering, of which only the session is lost: the account is whole and can sign in', async () => {
    const { app, writes } = lab;
    // The account, its audit entry and the commit come first.
    writes.expect(4, () => {
      throw new Error(BROKEN);
    });
    await supertest(app).post('/users/register').send(accountForm('dave')).expect(500);
    writes.forget();
    await (await signedInAgain(app, 'dave')).get('/api/auth/me').expect(200);
  });
};

describe('a database that fails at any write leaves nothing of', () => {
  describe('on SQLite', () => {
    failsWhole(() => Promise.resolve('sqlite::memory:'));
  });
  onMariaDb('on MariaDB', () => {
    failsWhole(freshDatabase);
  });
});

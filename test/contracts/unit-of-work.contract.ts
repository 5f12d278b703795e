import { expect } from 'chai';
import { notFound } from '../../domain/index.js';
import { givingUp, race, readDuring, refusalOf } from './racing.js';
import {
  aBooking,
  aMaintenance,
  anAccount,
  anEntry,
  anInvitation,
  aType,
  factsOf,
  furnish,
  hours,
  NOON,
} from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** All of a work or nothing of it, whatever else goes on; for the UnitOfWork and everything it reaches. */
export const unitOfWorkContract = (
  name: string,
  open: OpenSubject<'work' | 'users' | 'devices' | 'bookings' | 'calendars' | 'auditEntries'>,
): void => {
  describe(`${name} as a unit of work`, () => {
    const subject = forEachTest(open);

    it('hands on what the work answers', async () => {
      expect(await subject().work.run(async () => ({ answer: 42 }))).to.deep.equal({ answer: 42 });
    });

    it('hands on the error that the work fails with', async () => {
      const refusal = notFound('nothing.there', 'There is nothing.');
      expect(await refusalOf(subject().work.run(() => Promise.reject(refusal)))).to.equal(refusal);
    });

    it('shows a work what it has written itself', async () => {
      await subject().work.run(async ({ users, bookings }) => {
        const { id } = await users.add(anAccount('ada'));
        expect(await users.find(id)).to.include({ username: 'ada' });
        const [booking] = await bookings.add([aBooking(1, id)], []);
        expect(await bookings.find(booking!.id)).to.deep.equal(booking);
      });
    });

    it('keeps what a finished work wrote', async () => {
      const { work, users, auditEntries } = subject();
      await work.run(async (stores) => {
        await stores.users.add(anAccount('ada'));
        await stores.audit.append(anEntry());
      });
      expect((await users.accountNamed('ada'))?.user.username).to.equal('ada');
      expect(await auditEntries()).to.equal(1);
    });

    it('keeps nothing of a work that fails, wherever it wrote', async () => {
      const { work, users, devices, bookings, auditEntries } = subject();
      const { rows, people } = await work.run((stores) =>
        furnish(stores, { rows: [{ name: 'ROADM 1' }, { name: 'ROADM 2' }], people: ['ada'] }),
      );
      const [first, second] = rows as [(typeof rows)[0], (typeof rows)[0]];
      const ada = people[0]!.id;
      await work.run(async (stores) => {
        await stores.bookings.add([aBooking(first.id, ada)], []);
        await stores.deviceTags.set(first.id, [(await stores.tags.add({ name: 'kept' }, NOON)).id]);
        await stores.maintenance.add(aMaintenance(first.id));
        await stores.invitations.add(anInvitation('kept'));
        await stores.keptAnswers.take(ada, 'kept', 'print', NOON);
      });
      const look = async () => ({
        accounts: await users.search('', 100),
        devices: await devices.list({ schedulableOnly: false }),
        bookings: await bookings.during(hours(-10_000, 10_000)),
        audit: await auditEntries(),
        inside: await work.run(async (stores) => ({
          devices: await stores.devices.all(),
          types: await stores.deviceTypes.all(),
          manufacturers: await stores.manufacturers.all(),
          sites: await stores.sites.all(),
          tags: await stores.tags.all(),
          deviceTags: await stores.deviceTags.all(),
        })),
      });
      const before = await look();

      await givingUp(work, async (stores) => {
        await stores.users.add(anAccount('bob'));
        await stores.users.setStatus(ada, 'disabled');
        await stores.invitations.take('kept');
        await stores.invitations.add(anInvitation('lost'));
        const type = await stores.deviceTypes.add(aType('lost'), NOON);
        for (const catalogue of [stores.manufacturers, stores.sites]) await catalogue.add({ name: 'lost' }, NOON);
        const tag = await stores.tags.add({ name: 'lost' }, NOON);
        await stores.devices.add(factsOf(type.id, 'lost', { oiId: 'lost' }), NOON);
        await stores.devices.update(first.id, { ...first, name: 'renamed' }, NOON + 1);
        await stores.devices.remove(second.id);
        await stores.deviceTags.set(first.id, [tag.id]);
        await stores.maintenance.add(aMaintenance(first.id, { slot: hours(100, 200) }));
        const [held] = await stores.bookings.ofGroup('group');
        await stores.bookings.setStatus([held!.id], 'CANCELLED', NOON + 1);
        await stores.bookings.add([aBooking(first.id, ada, { groupId: 'lost' })], []);
        await stores.thingBookings.move(first.id, second.id);
        await stores.thingBookings.rememberName(second.id, 'ROADM', 'lost');
        await stores.keptAnswers.fill(ada, 'kept', 'lost');
        await stores.keptAnswers.take(ada, 'lost', 'print', NOON);
        await stores.audit.append(anEntry());
      });

      expect(await look()).to.deep.equal(before);
      await work.run(async (stores) => {
        expect(await stores.invitations.take('kept')).to.deep.equal(anInvitation('kept'));
        expect(await stores.invitations.take('lost')).to.equal(null);
        expect(await stores.keptAnswers.take(ada, 'kept', 'print', NOON)).to.deep.equal({
          fingerprint: 'print',
          answer: null,
        });
        expect(await stores.keptAnswers.take(ada, 'lost', 'print', NOON)).to.equal(null);
        expect(await stores.maintenance.ofDevice(first.id)).to.have.length(1);
        expect(await stores.bookings.ofGroup('lost')).to.deep.equal([]);
      });
    });

    it('goes on with the next work after one that failed', async () => {
      const { work, users } = subject();
      await givingUp(work, (stores) => stores.users.add(anAccount('ada')));
      await work.run((stores) => stores.users.add(anAccount('ada')));
      expect(await users.accountNamed('ada')).not.to.equal(null);
    });

    it('keeps what a work wrote before and after a refusal that it knows how to take', async () => {
      const { work, users } = subject();
      await work.run(async (stores) => {
        await stores.users.add(anAccount('ada'));
        expect((await refusalOf(stores.users.add(anAccount('Ada')))).code).to.equal('identity.username-taken');
        await stores.users.add(anAccount('bob'));
      });
      expect((await users.search('', 10)).map((user) => user.username)).to.deep.equal(['ada', 'bob']);
    });

    it('shows nobody outside what is not decided yet', async () => {
      const { work, users, auditEntries } = subject();
      const seen = await readDuring(
        work,
        async (stores) => {
          await stores.users.add(anAccount('ada'));
          await stores.audit.append(anEntry());
        },
        async () => ({ account: await users.accountNamed('ada'), matches: await users.search('ada', 10) }),
      );
      expect(seen).to.deep.equal({ account: null, matches: [] });
      expect(await auditEntries()).to.equal(0);
    });

    it('shows nothing of a failing work to a reader who began before it', async () => {
      const { work, calendars } = subject();
      const { rows, people } = await work.run((stores) =>
        furnish(stores, { rows: [{ name: 'ROADM 1' }], people: ['ada'] }),
      );
      const device = rows[0]!.id;
      const reading = calendars.read([device], hours(0, 24));
      await givingUp(work, async (stores) => {
        await stores.bookings.add([aBooking(device, people[0]!.id)], []);
        await stores.maintenance.add(aMaintenance(device));
      });
      const seen = (await reading).get(device);
      expect(seen?.holds).to.deep.equal([]);
      expect(seen?.maintenance).to.deep.equal([]);
    });

    it('tells two works at once apart: one keeps all of its own, the other nothing', async () => {
      const { work, users } = subject();
      const names = ['a', 'b', 'c'];
      await Promise.all([
        work.run(async (stores) => {
          for (const letter of names) await stores.users.add(anAccount(`kept ${letter}`));
        }),
        givingUp(work, async (stores) => {
          for (const letter of names) await stores.users.add(anAccount(`lost ${letter}`));
        }),
      ]);
      expect((await users.search('', 10)).map((user) => user.username)).to.deep.equal(['kept a', 'kept b', 'kept c']);
    });

    it('loses nothing of many works at once', async () => {
      const { work, users, auditEntries } = subject();
      const { won } = await race((racer) =>
        work.run(async (stores) => {
          await stores.audit.append(anEntry({ message: `racer ${racer}` }));
          return (await stores.users.add(anAccount(`racer ${racer}`))).id;
        }),
      );
      expect(new Set(won).size).to.equal(won.length);
      expect(await users.search('racer', 100)).to.have.length(won.length);
      expect(await auditEntries()).to.equal(won.length);
    });
  });
};

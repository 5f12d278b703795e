import { expect } from 'chai';
import { anAccount, aBooking, furnish, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const EVERYBODY = { role: null, status: null, text: null };

/** For UserListings, and for what a UserRepository knows of roles and limits. */
export const userListingsContract = (name: string, open: OpenSubject<'work' | 'userListings'>): void => {
  describe(`${name} as a list of users`, () => {
    const subject = forEachTest(open);
    const page = (filter: object = {}, slice = { limit: 10, offset: 0 }) =>
      subject().userListings.page({ ...EVERYBODY, ...filter }, slice);
    const names = async (filter: object, slice?: { limit: number; offset: number }) => {
      const { items, total } = await page(filter, slice);
      return [total, ...items.map(({ user }) => user.username)];
    };

    it('finds people by role, status and a part of name or address, by name, page by page', async () => {
      await subject().work.run(async ({ users }) => {
        await users.add(anAccount('zoe', { role: 'Approver', email: 'Zoe@Lab.example' }));
        await users.add(anAccount('Ada', { role: 'Admin' }));
        await users.add(anAccount('bob', { status: 'disabled', role: 'Approver' }));
        await users.add(anAccount('100%'));
      });
      expect(await names({})).to.deep.equal([4, '100%', 'Ada', 'bob', 'zoe']);
      expect(await names({ role: 'Approver' })).to.deep.equal([2, 'bob', 'zoe']);
      expect(await names({ role: 'Approver', status: 'active' })).to.deep.equal([1, 'zoe']);
      expect(await names({ text: 'LAB.EX' })).to.deep.equal([1, 'zoe']);
      expect(await names({ text: '%' })).to.deep.equal([1, '100%']);
      expect(await names({}, { limit: 2, offset: 1 })).to.deep.equal([4, 'Ada', 'bob']);
    });

    it('says how much somebody booked, may confirm, and when they were last active', async () => {
      const { work, userListings } = subject();
      const [ada, bob] = await work.run(async (stores) => {
        const { rows, people } = await furnish(stores, { rows: [{ name: 'R 1' }], people: ['ada', 'bob'] });
        await stores.bookings.add([aBooking(rows[0]!.id, people[0]!.id)], []);
        await stores.users.setApprovalLimits(people[0]!.id, { maxDays: 3, maxDeviceHours: null });
        return people.map(({ id }) => id) as [number, number];
      });
      await userListings.noteActive(new Map([[ada, NOON]]));
      await userListings.noteActive(new Map([[ada, NOON - 1]]));
      const { items } = await page();
      expect(items.map(({ user, ...figures }) => [user.id, figures])).to.deep.equal([
        [ada, { bookings: 1, approvalLimits: { maxDays: 3, maxDeviceHours: null }, lastActiveAt: NOON }],
        [bob, { bookings: 0, approvalLimits: null, lastActiveAt: null }],
      ]);
      const limits = await work.run(async ({ users }) => {
        const before = await users.approvalLimitsOf(ada);
        await users.setApprovalLimits(ada, null);
        return [before, await users.approvalLimitsOf(ada), await users.approvalLimitsOf(999_999)];
      });
      expect(limits).to.deep.equal([{ maxDays: 3, maxDeviceHours: null }, null, null]);
    });

    it('knows whether there is another Super Admin who can sign in', async () => {
      const { work } = subject();
      const answers = await work.run(async ({ users }) => {
        const first = await users.add(anAccount('first', { role: 'Super Admin' }));
        const second = await users.add(anAccount('second', { role: 'Super Admin', status: 'disabled' }));
        const third = await users.add(anAccount('third', { role: 'Admin' }));
        const alone = await users.anotherSuperAdmin(first.id);
        await users.setRole(third.id, 'Super Admin');
        const two = await users.anotherSuperAdmin(first.id);
        await users.setRole(first.id, 'User');
        return [alone, two, await users.anotherSuperAdmin(third.id), await users.anotherSuperAdmin(second.id)];
      });
      expect(answers).to.deep.equal([false, true, false, true]);
    });
  });
};

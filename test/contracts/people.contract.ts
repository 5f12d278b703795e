import { expect } from 'chai';
import type { NotificationStores } from '../../application/index.js';
import { anAccount } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the People of a UnitOfWork. */
export const peopleContract = (name: string, open: OpenSubject<'work'>): void => {
  describe(`${name} as a directory of people to tell`, () => {
    const subject = forEachTest(open);
    const names = (look: (people: NotificationStores['people']) => Promise<readonly { username: string }[]>) =>
      subject().work.run(async ({ people }) => (await look(people)).map(({ username }) => username));

    it('finds them by id and by role, but nobody whose account is disabled', async () => {
      const ids = await subject().work.run(async ({ users }) => {
        const ada = await users.add(anAccount('ada', { email: 'ada@lab.example', discordId: '123' }));
        const kim = await users.add(anAccount('kim', { role: 'Approver' }));
        const eve = await users.add(anAccount('eve', { role: 'Approver', status: 'disabled' }));
        return [ada.id, kim.id, eve.id];
      });
      const [found] = await subject().work.run(({ people }) => people.withIds(ids));
      expect(found).to.include({ username: 'ada', email: 'ada@lab.example', discordId: '123', role: 'User' });
      expect(await names((people) => people.withIds([...ids, 999_999]))).to.deep.equal(['ada', 'kim']);
      expect(await names((people) => people.withRoles(['Approver', 'Admin']))).to.deep.equal(['kim']);
      expect(await names((people) => people.withIds([]))).to.deep.equal([]);
    });
  });
};

import { expect } from 'chai';
import type { DeviceChange } from '../../domain/index.js';
import { givingUp } from './racing.js';
import { LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const aChange = (other: Partial<DeviceChange> = {}): DeviceChange => ({
  deviceId: 1,
  deviceName: 'ROADM 1',
  action: 'updated',
  at: NOON,
  actorId: 3,
  actorName: 'ada',
  notes: null,
  fields: [],
  metadata: null,
  ...other,
});

/** For the DeviceHistory of a UnitOfWork and the HistoryListings outside of it. */
export const deviceHistoryContract = (name: string, open: OpenSubject<'work' | 'history'>): void => {
  describe(`${name} as the memory of what was done to devices`, () => {
    const subject = forEachTest(open);

    const add = (change: DeviceChange) => subject().work.run(({ deviceHistory }) => deviceHistory.add(change));
    const read = (deviceId = 1, limit = 100, offset = 0) => subject().history.ofDevice(deviceId, { limit, offset });

    it('remembers nothing of a device to which nothing was done', async () => {
      await add(aChange({ deviceId: 2 }));
      expect(await read()).to.deep.equal([]);
    });

    it('keeps who, when, why, and every field before and after', async () => {
      const fields = [
        { field: 'status', before: 'planned', after: 'active' },
        { field: 'notes', before: null, after: 'Ω 🔌\n'.repeat(3000) },
        { field: 'rack', before: 'A01', after: null },
      ];
      const { fields: _, ...change } = aChange({ at: LATEST, notes: 'moved in', metadata: { line: 7, deep: ['é'] } });
      await add({ ...change, fields });
      const entries = await read();
      expect(entries.map(({ id, changeId, ...entry }) => entry)).to.deep.equal(
        fields.map((field) => ({ ...change, ...field })),
      );
      expect(new Set(entries.map(({ changeId }) => changeId)).size).to.equal(1);
      expect(new Set(entries.map(({ id }) => id)).size).to.equal(fields.length);
    });

    it('has one entry for a change that has no fields, and for one that nobody in particular made', async () => {
      await add(aChange({ action: 'created', actorId: null, actorName: 'system' }));
      const [entry, ...others] = await read();
      expect(others).to.deep.equal([]);
      expect(entry).to.include({ action: 'created', field: null, before: null, after: null, actorId: null });
    });

    it('tells the latest change first, its fields in order, in pages that meet', async () => {
      for (let nth = 0; nth < 3; nth += 1) {
        const fields = ['a', 'b', 'c'].map((field) => ({ field, before: null, after: String(nth) }));
        await add(aChange({ fields }));
      }
      const whole = await read();
      expect(whole.map(({ field, after }) => `${field ?? ''}${after ?? ''}`).join(' ')).to.equal(
        'a2 b2 c2 a1 b1 c1 a0 b0 c0',
      );
      expect([...(await read(1, 4, 0)), ...(await read(1, 4, 4)), ...(await read(1, 4, 8))]).to.deep.equal(whole);
      expect(await read(1, 4, 9)).to.deep.equal([]);
    });

    it('forgets what came to nothing', async () => {
      await givingUp(subject().work, ({ deviceHistory }) => deviceHistory.add(aChange()));
      expect(await read()).to.deep.equal([]);
    });
  });
};

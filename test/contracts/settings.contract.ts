import { expect } from 'chai';
import { givingUp } from './racing.js';
import { NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the SettingsRepository of a UnitOfWork and the SettingsReader. */
export const settingsContract = (name: string, open: OpenSubject<'work' | 'settings'>): void => {
  describe(`${name} as a keeper of settings`, () => {
    const subject = forEachTest(open);
    const save = (key: string, value: unknown, changedAt = NOON) =>
      subject().work.run(({ settings }) => settings.save({ key, value, changedAt, changedBy: 1 }));

    it('keeps what was set last, by key, as it was set', async () => {
      for (const [key, value] of [
        ['b', 17],
        ['a', 'Ω 測 🔌'],
        ['c', null],
        ['b', 18],
      ] as const) {
        await save(key, value);
      }
      const kept = [
        { key: 'a', value: 'Ω 測 🔌', changedAt: NOON, changedBy: 1 },
        { key: 'b', value: 18, changedAt: NOON, changedBy: 1 },
        { key: 'c', value: null, changedAt: NOON, changedBy: 1 },
      ];
      expect(await subject().settings.all()).to.deep.equal(kept);
      expect(await subject().work.run(({ settings }) => settings.all())).to.deep.equal(kept);
    });

    it('takes a change back, and forgets one that failed', async () => {
      await save('a', 1);
      await givingUp(subject().work, ({ settings }) =>
        settings.save({ key: 'b', value: 1, changedAt: NOON, changedBy: 1 }),
      );
      await subject().work.run(({ settings }) => settings.remove('a'));
      expect(await subject().settings.all()).to.deep.equal([]);
    });
  });
};

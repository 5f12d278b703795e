import { expect } from 'chai';
import type { MaintenanceWindow } from '../../domain/index.js';
import { aMaintenance, furnish, hours, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the MaintenanceRepository of a UnitOfWork. */
export const maintenanceContract = (name: string, open: OpenSubject<'work'>): void => {
  describe(`${name} as a keeper of maintenance windows`, () => {
    const subject = forEachTest(open);

    const twoDevices = () =>
      subject().work.run(async (stores) => {
        const { rows } = await furnish(stores, { rows: [{ name: 'ROADM 1' }, { name: 'ROADM 2' }] });
        return [rows[0]!.id, rows[1]!.id] as const;
      });
    const add = (window: ReturnType<typeof aMaintenance>) =>
      subject().work.run(({ maintenance }) => maintenance.add(window));
    const ofDevice = (id: number) => subject().work.run(({ maintenance }) => maintenance.ofDevice(id));

    it('keeps a window as it was set, to the millisecond', async () => {
      const [device] = await twoDevices();
      const given = [
        aMaintenance(device),
        aMaintenance(device, {
          slot: { start: NOON + 1, end: LATEST },
          reason: 'Laser Ω 測 🔌\n'.repeat(60),
          createdBy: 7,
          createdAt: NOON - 1,
          legacy: true,
        }),
      ];
      const added: MaintenanceWindow[] = [];
      for (const window of given) added.push(await add(window));
      expect(added).to.deep.equal(given.map((window, index) => ({ id: added[index]!.id, ...window })));
      expect(await ofDevice(device)).to.have.deep.members(added);
    });

    it('has none for a device that has none, or that is none', async () => {
      const [first, second] = await twoDevices();
      await add(aMaintenance(first));
      expect(await ofDevice(second)).to.deep.equal([]);
      expect(await ofDevice(999_999)).to.deep.equal([]);
    });

    it('takes one window away and leaves the others, also those like it', async () => {
      const [first, second] = await twoDevices();
      const [removed, twin, other] = [
        await add(aMaintenance(first)),
        await add(aMaintenance(first)),
        await add(aMaintenance(second, { slot: hours(1, 2) })),
      ];
      await subject().work.run(({ maintenance }) => maintenance.remove(removed.id));
      await subject().work.run(({ maintenance }) => maintenance.remove(999_999));
      expect(await ofDevice(first)).to.deep.equal([twin]);
      expect(await ofDevice(second)).to.deep.equal([other]);
    });

    it('never uses an id twice, not even that of the newest window', async () => {
      const [device] = await twoDevices();
      const first = await add(aMaintenance(device));
      await subject().work.run(({ maintenance }) => maintenance.remove(first.id));
      expect((await add(aMaintenance(device))).id).to.be.above(first.id);
    });
  });
};

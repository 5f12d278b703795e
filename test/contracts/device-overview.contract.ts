import { expect } from 'chai';
import type { DeviceFilter } from '../../application/index.js';
import type { HealthSnapshot } from '../../domain/index.js';
import { givingUp } from './racing.js';
import { aType, factsOf, furnish, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const anything: DeviceFilter = { statuses: [], type: null, owner: null, tag: null };

const aReport = (deviceId: number, other: Partial<HealthSnapshot> = {}): HealthSnapshot => ({
  deviceId,
  status: 'ok',
  heartbeatAt: NOON - 1,
  metrics: { temperature: 41.5, 'fan Ω': 'fast', alarm: false, power: null },
  reportedAt: NOON,
  ...other,
});

/** For the DeviceHealth of a UnitOfWork and the DeviceHealthReader outside of it. */
export const deviceHealthContract = (name: string, open: OpenSubject<'work' | 'deviceHealth'>): void => {
  describe(`${name} as a keeper of what was reported about devices`, () => {
    const subject = forEachTest(open);
    const report = (snapshot: HealthSnapshot) =>
      subject().work.run(({ deviceHealth }) => deviceHealth.report(snapshot));
    const devices = () =>
      subject().work.run(async (stores) =>
        (await furnish(stores, { rows: [{ name: 'a' }, { name: 'b' }] })).rows.map(({ id }) => id),
      );

    it('knows the last report of each device, to the millisecond, and leaves out what nobody reported', async () => {
      const [first = 0, second = 0] = await devices();
      await report(aReport(first));
      const last = aReport(first, { status: 'degraded', heartbeatAt: LATEST, reportedAt: LATEST, metrics: {} });
      await report(last);
      expect([...(await subject().deviceHealth.read([second, first, -1]))]).to.deep.equal([[first, last]]);
      await report(aReport(second));
      expect((await subject().deviceHealth.read([first, second])).get(second)).to.deep.equal(aReport(second));
      expect((await subject().deviceHealth.read([])).size).to.equal(0);
    });

    it('forgets it with the device, and with the work that gives up', async () => {
      const [first = 0, second = 0] = await devices();
      await report(aReport(first));
      await givingUp(subject().work, async ({ deviceHealth }) => {
        await deviceHealth.report(aReport(second));
        expect((await deviceHealth.read([second])).size).to.equal(1);
      });
      await subject().work.run((stores) => stores.devices.remove(first));
      expect((await subject().deviceHealth.read([first, second])).size).to.equal(0);
    });
  });
};

/** For the DeviceOverview. */
export const deviceOverviewContract = (name: string, open: OpenSubject<'work' | 'deviceOverview'>): void => {
  describe(`${name} as an overview of devices`, () => {
    const subject = forEachTest(open);

    /** Four devices: all that can be said of the first, nothing of the last. */
    const lab = () =>
      subject().work.run(async (stores) => {
        const { people } = await furnish(stores, { people: ['ada', 'Bob Č'] });
        const site = await stores.sites.add({ name: 'Dublin' }, NOON);
        const otdr = await stores.deviceTypes.add(aType('Ötdr'), NOON);
        const roadm = (await stores.deviceTypes.named('ROADM'))!;
        const [ada, bob] = people.map(({ id }) => id) as [number, number];
        const facts = [
          factsOf(otdr.id, 'First', { siteId: site.id, rack: 'A01', uPosition: 4, ownerId: bob, status: 'spare' }),
          factsOf(roadm.id, 'Second', { ownerId: ada }),
          factsOf(roadm.id, 'Third', { ownerId: bob, status: 'in_maintenance' }),
          factsOf(roadm.id, 'Fourth'),
        ];
        const ids: number[] = [];
        for (const fact of facts) ids.push((await stores.devices.add(fact, NOON + ids.length)).id);
        const tags = [
          await stores.tags.add({ name: 'Loan' }, NOON),
          await stores.tags.add({ name: 'flex_grid' }, NOON),
        ];
        const tagIds = tags.map(({ id }) => id);
        await stores.deviceTags.set(ids[0]!, tagIds);
        await stores.deviceTags.set(ids[2]!, tagIds.slice(0, 1));
        await stores.deviceHealth.report(aReport(ids[0]!));
        return { ids, site, bob };
      });
    const found = async (ids: readonly number[], filter: Partial<DeviceFilter>): Promise<number[]> => {
      const { devices, total } = await subject().deviceOverview.page(
        { ...anything, ...filter },
        { limit: 100, offset: 0 },
      );
      expect(total).to.equal(devices.length);
      return devices.map(({ id }) => ids.indexOf(id));
    };

    it('shows who answers for a device, its tags, its place and how it is', async () => {
      const { ids, site, bob } = await lab();
      const { devices, total } = await subject().deviceOverview.page(anything, { limit: 100, offset: 0 });
      expect(total).to.equal(4);
      expect(devices[0]).to.deep.equal({
        ...{ id: ids[0], type: 'Ötdr', name: 'First', status: 'spare', owner: { id: bob, username: 'Bob Č' } },
        ...{ tags: ['flex_grid', 'Loan'], site: { id: site.id, name: 'Dublin' }, rack: 'A01', uPosition: 4 },
        ...{ updatedAt: NOON, health: aReport(ids[0]!) },
      });
      expect(devices[3]).to.deep.equal({
        ...{ id: ids[3], type: 'ROADM', name: 'Fourth', status: 'active', owner: null, tags: [], site: null },
        ...{ rack: null, uPosition: null, updatedAt: NOON + 3, health: null },
      });
    });

    it('finds devices by status, type, owner and tag, in any letter case', async () => {
      const { ids } = await lab();
      expect(await found(ids, { statuses: ['active'] })).to.deep.equal([1, 3]);
      expect(await found(ids, { statuses: ['spare', 'in_maintenance', 'planned'] })).to.deep.equal([0, 2]);
      expect(await found(ids, { type: 'ÖTDR' })).to.deep.equal([0]);
      expect(await found(ids, { type: 'ROAD' })).to.deep.equal([]);
      expect(await found(ids, { owner: 'BOB' })).to.deep.equal([0, 2]);
      expect(await found(ids, { owner: '%' })).to.deep.equal([]);
      expect(await found(ids, { tag: 'loan' })).to.deep.equal([0, 2]);
      expect(await found(ids, { tag: 'flexxgrid' })).to.deep.equal([]);
      expect(await found(ids, { tag: 'Loan', owner: 'bob', statuses: ['spare'] })).to.deep.equal([0]);
    });

    it('gives pages that meet', async () => {
      const { ids } = await lab();
      const pages = [];
      for (const offset of [0, 3, 6]) {
        pages.push(await subject().deviceOverview.page(anything, { limit: 3, offset }));
      }
      expect(pages.flatMap(({ devices }) => devices.map(({ id }) => id))).to.deep.equal(ids);
      expect(pages.map(({ total }) => total)).to.deep.equal([4, 4, 4]);
    });
  });
};

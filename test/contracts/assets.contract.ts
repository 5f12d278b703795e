import { expect } from 'chai';
import { ASSET_ORDERS, type AssetFilter, type AssetOrder, type Stores } from '../../application/index.js';
import type { Device } from '../../domain/index.js';
import { aMaintenance, aType, factsOf, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const anything: AssetFilter = {
  ...{ typeId: null, manufacturerId: null, siteId: null, status: null, tagIds: [], search: null },
};
const newestFirst: AssetOrder = { by: 'id', descending: true };

/** Four assets of which everything differs that can be asked for. */
const furnished = async ({ deviceTypes, manufacturers, sites, tags, deviceTags, devices, maintenance }: Stores) => {
  const [roadm, otdr] = [await deviceTypes.add(aType('ROADM'), NOON), await deviceTypes.add(aType('OTDR'), NOON)];
  const maker = await manufacturers.add({ name: 'Łódź Optics' }, NOON);
  const [dublin, cork] = [await sites.add({ name: 'Dublin' }, NOON), await sites.add({ name: 'Cork' }, NOON)];
  const [loan, spool] = [await tags.add({ name: 'loan' }, NOON), await tags.add({ name: 'Spool' }, NOON)];
  const add = (typeId: number, name: string, other: Parameters<typeof factsOf>[2], at = NOON) =>
    devices.add(factsOf(typeId, name, other), at);
  const rows = [
    await add(roadm.id, 'Beta 1', { siteId: dublin.id, manufacturerId: maker.id, oiId: 'OI-9', rack: 'C' }, NOON + 3),
    await add(roadm.id, 'alpha 2', { siteId: cork.id, status: 'planned', oiId: 'OI-8', serialNumber: 'SN%77' }),
    await add(otdr.id, 'Čáslav', { status: 'in_maintenance', hostname: 'otdr.lab.example', rack: 'A' }, NOON + 1),
    await add(roadm.id, 'Beta 1', { siteId: dublin.id, managementIp: '10.0.0.9', model: 'X_1', polatisName: 'PA-R' }),
  ];
  await deviceTags.set(rows[0]!.id, [spool.id, loan.id]);
  await deviceTags.set(rows[2]!.id, [loan.id]);
  await maintenance.add(aMaintenance(rows[2]!.id));
  return { roadm, otdr, maker, dublin, cork, loan, spool, rows };
};

/** For AssetListings. */
export const assetsContract = (name: string, open: OpenSubject<'work' | 'assets'>): void => {
  describe(`${name} as the inventory that people read`, () => {
    const subject = forEachTest(open);

    const furnish = () => subject().work.run(furnished);
    const found = async (rows: readonly Device[], filter: Partial<AssetFilter>, order = newestFirst) => {
      const page = await subject().assets.page({ ...anything, ...filter }, order, { limit: 10, offset: 0 });
      expect(page.total).to.equal(page.assets.length);
      return page.assets.map(({ device }) => rows.findIndex(({ id }) => id === device.id));
    };

    it('is empty at first', async () => {
      const { assets } = subject();
      expect(await assets.page(anything, newestFirst, { limit: 10, offset: 0 })).to.deep.equal({
        assets: [],
        total: 0,
      });
      expect(await assets.all()).to.deep.equal([]);
      expect(await assets.find(1)).to.equal(null);
      expect(await assets.withOiId('OI-9')).to.equal(null);
      const { total, byStatus } = await assets.summary();
      expect([total, byStatus.size]).to.deep.equal([0, 0]);
    });

    it('shows an asset with the names of everything that is said of it', async () => {
      const { rows, roadm, maker, dublin } = await furnish();
      const asset = await subject().assets.find(rows[0]!.id);
      const { createdAt, updatedAt, ...type } = roadm;
      expect(asset).to.deep.include({ device: rows[0], type, maintenance: [] });
      expect(asset?.manufacturer).to.deep.equal({ id: maker.id, name: maker.name });
      expect(asset?.site).to.deep.equal({ id: dublin.id, name: dublin.name });
      expect(asset?.tags.map((tag) => tag.name)).to.deep.equal(['loan', 'Spool']);
      expect(await subject().assets.withOiId('OI-9')).to.deep.equal(asset);
      const other = await subject().assets.find(rows[2]!.id);
      expect(other).to.deep.include({ manufacturer: null, site: null });
      expect(other?.maintenance.map(({ reason }) => reason)).to.deep.equal(['fans']);
    });

    it('is all there by id, each asset as it is by itself', async () => {
      const { rows } = await furnish();
      const all = await subject().assets.all();
      expect(all.map(({ device }) => device)).to.deep.equal(rows);
      for (const asset of all) expect(await subject().assets.find(asset.device.id)).to.deep.equal(asset);
      const { assets } = await subject().assets.page(
        anything,
        { by: 'id', descending: false },
        { limit: 9, offset: 0 },
      );
      expect(assets).to.deep.equal(all);
    });

    it('finds assets by what is said of them, and by all of it together', async () => {
      const { rows, roadm, otdr, maker, dublin, loan, spool } = await furnish();
      expect(await found(rows, {})).to.deep.equal([3, 2, 1, 0]);
      expect(await found(rows, { typeId: roadm.id })).to.deep.equal([3, 1, 0]);
      expect(await found(rows, { manufacturerId: maker.id })).to.deep.equal([0]);
      expect(await found(rows, { siteId: dublin.id })).to.deep.equal([3, 0]);
      expect(await found(rows, { status: 'planned' })).to.deep.equal([1]);
      expect(await found(rows, { tagIds: [spool.id] })).to.deep.equal([0]);
      expect(await found(rows, { tagIds: [spool.id, loan.id, 99_999] })).to.deep.equal([2, 0]);
      expect(await found(rows, { typeId: roadm.id, siteId: dublin.id, tagIds: [loan.id] })).to.deep.equal([0]);
      expect(await found(rows, { typeId: otdr.id, status: 'planned' })).to.deep.equal([]);
      expect(await found(rows, { siteId: 99_999 })).to.deep.equal([]);
    });

    it('searches names, numbers, labels, addresses and places in any letter case, and takes no letter for a wildcard', async () => {
      const { rows } = await furnish();
      const cases: readonly (readonly [string, readonly number[]])[] = [
        ['BETA', [3, 0]],
        ['čáslav', [2]],
        ['C\u030cÁS', [2]],
        ['oi-8', [1]],
        ['sn%77', [1]],
        ['%', [1]],
        ['x_1', [3]],
        ['_', [3]],
        ['otdr.lab', [2]],
        ['10.0.0.9', [3]],
        ['pa-r', [3]],
        ['otdr', [2]],
        ['łódź', [0]],
        ['cork', [1]],
        [' beta  1 ', [3, 0]],
        ['', [3, 2, 1, 0]],
        ['1\n', [3, 0]],
        ["' OR 1=1 --", []],
      ];
      for (const [search, expected] of cases) {
        expect(await found(rows, { search }), search).to.deep.equal(expected);
      }
    });

    it('finds what an asset is called now, and not what it was called', async () => {
      const { rows } = await furnish();
      await subject().work.run(({ devices }) =>
        devices.update(rows[1]!.id, { ...rows[1]!, name: 'Gamma', serialNumber: null }, NOON + 9),
      );
      expect(await found(rows, { search: 'gamma' })).to.deep.equal([1]);
      expect(await found(rows, { search: 'alpha' })).to.deep.equal([]);
      expect(await found(rows, { search: 'sn%77' })).to.deep.equal([]);
    });

    it('puts assets in order, those that are equal in it the newest first', async () => {
      const { rows } = await furnish();
      const sorted = (by: AssetOrder['by'], descending = false) => found(rows, {}, { by, descending });
      expect(await sorted('name')).to.deep.equal([1, 3, 0, 2]);
      expect(await sorted('name', true)).to.deep.equal([2, 3, 0, 1]);
      expect(await sorted('oi_id')).to.deep.equal([3, 2, 1, 0]);
      expect(await sorted('oi_id', true)).to.deep.equal([0, 1, 3, 2]);
      expect(await sorted('device_type')).to.deep.equal([2, 3, 1, 0]);
      expect(await sorted('site')).to.deep.equal([2, 1, 3, 0]);
      expect(await sorted('rack')).to.deep.equal([3, 1, 2, 0]);
      expect(await sorted('created_at', true)).to.deep.equal([0, 2, 3, 1]);
      expect(await sorted('status')).to.deep.equal([3, 0, 2, 1]);
      for (const by of ASSET_ORDERS) expect(await sorted(by)).to.have.length(4);
    });

    it('gives pages that meet, and counts everything that matches', async () => {
      const { roadm } = await furnish();
      const filter = { ...anything, typeId: roadm.id };
      const whole = await subject().assets.page(filter, newestFirst, { limit: 10, offset: 0 });
      const pages = [];
      for (const offset of [0, 1, 2, 3]) {
        pages.push(await subject().assets.page(filter, newestFirst, { limit: 1, offset }));
      }
      expect(pages.flatMap(({ assets }) => assets)).to.deep.equal(whole.assets);
      expect(pages.map(({ total }) => total)).to.deep.equal([3, 3, 3, 3]);
    });

    it('counts assets by status, type and site', async () => {
      await furnish();
      const { total, byStatus, byType, bySite } = await subject().assets.summary();
      expect(total).to.equal(4);
      expect(Object.fromEntries(byStatus)).to.deep.equal({ active: 2, planned: 1, in_maintenance: 1 });
      expect(Object.fromEntries(byType)).to.deep.equal({ ROADM: 3, OTDR: 1 });
      expect(new Map(bySite)).to.deep.equal(
        new Map([
          ['Dublin', 2],
          ['Cork', 1],
          [null, 1],
        ]),
      );
    });
  });
};

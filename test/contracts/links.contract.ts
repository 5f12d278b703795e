import { expect } from 'chai';
import type { LinkFacts } from '../../domain/index.js';
import { expectOneWinner, givingUp, refusalOf } from './racing.js';
import { factsOf, furnish, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** A fibre between ports of two rows. */
export const aLink = (a: number, b: number, other: Partial<LinkFacts> = {}): LinkFacts => ({
  label: null,
  kind: 'direct',
  direction: 'both',
  a: { deviceId: a, port: 'L1', inPort: null, outPort: null },
  b: { deviceId: b, port: 'L1', inPort: null, outPort: null },
  strands: 2,
  lengthKm: 0.005,
  lossDb: 0.4,
  fiberType: null,
  notes: null,
  ...other,
});

/** For the LinkRepository of a UnitOfWork. */
export const linksContract = (name: string, open: OpenSubject<'work'>): void => {
  describe(`${name} as a keeper of links`, () => {
    const subject = forEachTest(open);

    const rows = async (): Promise<[number, number, number]> => {
      const names = [{ name: 'ROADM 1' }, { name: 'ROADM 2' }, { name: 'Switch' }];
      const furnished = await subject().work.run((stores) => furnish(stores, { rows: names }));
      return furnished.rows.map(({ id }) => id) as [number, number, number];
    };
    const add = (facts: LinkFacts, at = NOON) => subject().work.run(({ links }) => links.add(facts, at));
    const find = (id: number) => subject().work.run(({ links }) => links.find(id));
    const ofRows = (...ids: number[]) => subject().work.run(({ links }) => links.ofRows(ids));

    it('keeps one as it was written, to the last digit', async () => {
      const [one, , patch] = await rows();
      const given = [
        aLink(one, patch, { label: 'L0001', lengthKm: 25.132, lossDb: -20.000001, fiberType: 'OS2', notes: 'Ω 測 🔌' }),
        aLink(one, patch, {
          ...{ kind: 'patch', direction: 'a_to_b', strands: 1, lengthKm: 0.1 + 0.2 },
          b: { deviceId: patch, port: null, inPort: 47, outPort: null },
        }),
      ];
      for (const facts of given) {
        const link = await add(facts, LATEST);
        expect(link).to.deep.equal({ ...facts, id: link.id, createdAt: LATEST, updatedAt: LATEST });
        expect(await find(link.id)).to.deep.equal(link);
      }
      expect(await find(2 ** 31 - 1)).to.equal(null);
    });

    it('finds those of rows, and those of labels, by id', async () => {
      const [one, two, patch] = await rows();
      const first = await add(aLink(one, two, { label: 'L1' }));
      const second = await add(aLink(two, patch, { label: 'l1' }));
      expect(await ofRows(two)).to.deep.equal([first, second]);
      expect(await ofRows(patch, two)).to.deep.equal([first, second]);
      expect(await ofRows(one)).to.deep.equal([first]);
      expect(await ofRows()).to.deep.equal([]);
      const labelled = await subject().work.run(({ links }) => links.labelled(['L1', 'none', 'L1']));
      expect(labelled).to.deep.equal([first]);
    });

    it('changes and removes one', async () => {
      const [one, two] = await rows();
      const link = await add(aLink(one, two));
      const changed = aLink(two, one, { label: 'L2', kind: 'inline', notes: 'moved' });
      await subject().work.run(({ links }) => links.update(link.id, changed, NOON + 1));
      expect(await find(link.id)).to.deep.equal({ ...changed, id: link.id, createdAt: NOON, updatedAt: NOON + 1 });
      await subject().work.run(({ links }) => links.remove(link.id));
      expect(await find(link.id)).to.equal(null);
      expect((await add(aLink(one, two))).id).to.be.above(link.id);
    });

    it('keeps one of a label, also of many that are added at once', async () => {
      const [one, two] = await rows();
      await expectOneWinner(() => add(aLink(one, two, { label: 'L7' })), 'link.duplicate');
      const other = await add(aLink(one, two));
      const taking = subject().work.run(({ links }) => links.update(other.id, aLink(one, two, { label: 'L7' }), NOON));
      expect((await refusalOf(taking)).code).to.equal('link.duplicate');
    });

    it('loses those of a device with the device', async () => {
      const [one, two, patch] = await rows();
      await add(aLink(one, two));
      const stays = await add(aLink(two, patch));
      await subject().work.run(({ devices }) => devices.remove(one));
      expect(await ofRows(one, two, patch)).to.deep.equal([stays]);
    });

    it('knows every row of a thing by any of them, with what it is called', async () => {
      const [one] = await rows();
      const twin = await subject().work.run(async ({ devices, sites, manufacturers, tags, deviceTags }) => {
        const { typeId } = (await devices.find(one))!;
        const [maker, site] = [await manufacturers.add({ name: 'Acme' }, NOON), await sites.add({ name: 'Lab' }, NOON)];
        const facts = { manufacturerId: maker.id, siteId: site.id, model: 'M', ports: ['L2:line'] };
        const row = await devices.add(factsOf(typeId, 'roadm  1', facts), NOON);
        await deviceTags.set(row.id, [(await tags.add({ name: 'metro' }, NOON)).id]);
        return row.id;
      });
      for (const id of [one, twin]) {
        const found = await subject().work.run(({ links }) => links.rowsOfThings([id]));
        expect(found.map((row) => row.id)).to.deep.equal([one, twin]);
        expect(found[0]!.thingKey).to.equal(found[1]!.thingKey);
        expect(found[1]).to.deep.include({
          ...{ type: 'ROADM', name: 'roadm  1', manufacturer: 'Acme', model: 'M', site: 'Lab', status: 'active' },
          ...{ schedulable: true, ports: ['L2:line'], tags: ['metro'], oiId: null },
        });
      }
    });

    it('keeps nothing of a work that fails', async () => {
      const [one, two] = await rows();
      const before = await add(aLink(one, two));
      await givingUp(subject().work, async ({ links }) => {
        await links.add(aLink(one, two), NOON);
        await links.remove(before.id);
      });
      expect(await ofRows(one)).to.deep.equal([before]);
    });
  });
};

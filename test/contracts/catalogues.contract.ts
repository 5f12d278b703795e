import { expect } from 'chai';
import type { Catalogue, Named, NewNamed, Stores } from '../../application/index.js';
import { DEVICE_CATEGORIES } from '../../domain/index.js';
import { expectOneWinner, givingUp, refusalOf } from './racing.js';
import { aType, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

type AnyCatalogue = Pick<Catalogue<Named, NewNamed>, 'all' | 'named' | 'claim' | 'remove'> & {
  add(name: string): Promise<Named>;
  rename(id: number, name: string): Promise<void>;
};

const catalogueIn: Readonly<Record<string, (stores: Stores) => AnyCatalogue>> = {
  'device types': ({ deviceTypes }) => ({
    all: () => deviceTypes.all(),
    named: (name) => deviceTypes.named(name),
    claim: (id) => deviceTypes.claim(id),
    remove: (id) => deviceTypes.remove(id),
    add: (name) => deviceTypes.add(aType(name), NOON),
    rename: (id, name) => deviceTypes.update(id, aType(name), NOON + 1),
  }),
  manufacturers: ({ manufacturers }) => namedEntries(manufacturers),
  sites: ({ sites }) => namedEntries(sites),
  tags: ({ tags }) => namedEntries(tags),
};

const namedEntries = <Entry extends Named>(catalogue: Catalogue<Entry, NewNamed>): AnyCatalogue => ({
  all: () => catalogue.all(),
  named: (name) => catalogue.named(name),
  claim: (id) => catalogue.claim(id),
  remove: (id) => catalogue.remove(id),
  add: (name) => catalogue.add({ name }, NOON),
  rename: (id, name) => catalogue.update(id, { name }, NOON + 1),
});

/** For the Catalogues of a UnitOfWork. */
export const cataloguesContract = (name: string, open: OpenSubject<'work' | 'catalogues'>): void => {
  for (const [title, of] of Object.entries(catalogueIn)) {
    describe(`${name} as a catalogue of ${title}`, () => {
      const subject = forEachTest(open);

      const add = (entry: string) => subject().work.run((stores) => of(stores).add(entry));
      const named = (entry: string) => subject().work.run((stores) => of(stores).named(entry));
      const all = () => subject().work.run((stores) => of(stores).all());

      it('begins empty', async () => {
        expect(await all()).to.deep.equal([]);
        expect(await named('Polatis')).to.equal(null);
      });

      it('keeps entries under their names, as they were written', async () => {
        const entries = [await add('Polatis'), await add('Ω 測 🔌'), await add('Łódź / 2')];
        expect(entries.map((entry) => entry.name)).to.deep.equal(['Polatis', 'Ω 測 🔌', 'Łódź / 2']);
        expect(await all()).to.have.deep.members(entries);
        for (const entry of entries) expect(await named(entry.name)).to.deep.equal(entry);
      });

      it('finds names in any letter case', async () => {
        const entry = await add('Čeština');
        for (const written of ['ČEŠTINA', 'čeština', ' C\u030Ceština ']) {
          expect(await named(written)).to.deep.equal(entry);
        }
        expect(await named('Cestina')).to.equal(null);
      });

      it('refuses a name that it has in another letter case', async () => {
        await add('Čeština');
        const refusal = await refusalOf(add('ČEŠTINA'));
        expect(refusal).to.include({ kind: 'invalid', code: 'catalogue.duplicate-name' });
        await add('Cestina');
        expect(await all()).to.have.length(2);
      });

      it('gives one name to one of many who want it at once', async () => {
        await expectOneWinner((racer) => add(racer % 2 ? 'čeština' : 'ČEŠTINA'), 'catalogue.duplicate-name');
        expect(await all()).to.have.length(1);
      });

      it('knows entries by number, under the name that they have now', async () => {
        const { id } = await add('Polatis');
        const claim = (entryId: number) => subject().work.run((stores) => of(stores).claim(entryId));
        expect(await claim(id)).to.include({ id, name: 'Polatis', createdAt: NOON, updatedAt: NOON });
        await subject().work.run((stores) => of(stores).rename(id, 'Čeština'));
        expect(await claim(id)).to.include({ id, name: 'Čeština', createdAt: NOON, updatedAt: NOON + 1 });
        expect((await named('čeština'))?.id).to.equal(id);
        expect(await named('Polatis')).to.equal(null);
        expect(await claim(id + 1)).to.equal(null);
      });

      it('refuses to rename an entry to the name of another, and lets it have its own in another letter case', async () => {
        const [{ id }] = [await add('Polatis'), await add('Čeština')];
        const rename = (name: string) => subject().work.run((stores) => of(stores).rename(id, name));
        expect(await refusalOf(rename('ČEŠTINA'))).to.include({ kind: 'invalid', code: 'catalogue.duplicate-name' });
        await rename('POLATIS');
        expect((await named('polatis'))?.name).to.equal('POLATIS');
      });

      it('forgets an entry that is removed, and frees its name', async () => {
        const [{ id }, other] = [await add('Polatis'), await add('Other')];
        await subject().work.run((stores) => of(stores).remove(id));
        expect(await all()).to.deep.equal([other]);
        await add('polatis');
      });

      it('frees the name of an entry that came to nothing', async () => {
        await givingUp(subject().work, (stores) => of(stores).add('Polatis'));
        expect(await named('Polatis')).to.equal(null);
        await add('Polatis');
      });
    });
  }

  describe(`${name} as a catalogue of device types, with what is said of them`, () => {
    const subject = forEachTest(open);

    it('keeps everything that is said of a type', async () => {
      const { work } = subject();
      const types = DEVICE_CATEGORIES.flatMap((category, index) => [
        aType(`${category} 1`, { category, schedulable: index % 2 === 0, hasPorts: index < 2 }),
        aType(`${category} 2`, { category, description: `What ${category} means: ${'Ω 🔌 '.repeat(200)}` }),
      ]);
      for (const type of types) {
        const added = await work.run(({ deviceTypes }) => deviceTypes.add(type, NOON));
        expect(added).to.deep.equal({ id: added.id, ...type, createdAt: NOON, updatedAt: NOON });
        expect(await work.run(({ deviceTypes }) => deviceTypes.named(type.name))).to.deep.equal(added);
        expect(await work.run(({ deviceTypes }) => deviceTypes.all())).to.deep.include(added);
      }
    });
  });

  describe(`${name} as a catalogue, with what is said of its entries`, () => {
    const subject = forEachTest(open);

    it('keeps it, takes what is left out for nothing, and changes only what is said', async () => {
      const { work } = subject();
      const dated = { createdAt: NOON, updatedAt: NOON };
      await work.run(async ({ manufacturers, sites, tags }) => {
        const maker = await manufacturers.add(
          { name: 'Polatis', website: 'https://polatis.example', notes: 'Ω' },
          NOON,
        );
        const site = await sites.add({ name: 'Cork', address: '1 Main Street\nCork' }, NOON);
        const tag = await tags.add({ name: 'loan', color: '#FF5722', description: 'lent out' }, NOON);
        expect(maker).to.deep.equal({
          ...{ id: maker.id, name: 'Polatis', website: 'https://polatis.example', notes: 'Ω', ...dated },
        });
        expect(site).to.deep.equal({
          ...{ id: site.id, name: 'Cork', address: '1 Main Street\nCork', notes: null, ...dated },
        });
        for (const [catalogue, entry] of [
          [manufacturers, maker],
          [sites, site],
          [tags, tag],
        ] as const) {
          expect(await catalogue.claim(entry.id)).to.deep.equal(entry);
        }
        await tags.update(tag.id, { name: 'on loan', color: '#abc', description: null }, NOON + 5);
        expect(await tags.claim(tag.id)).to.deep.equal({
          ...{ id: tag.id, name: 'on loan', color: '#abc', description: null, createdAt: NOON, updatedAt: NOON + 5 },
        });
      });
    });

    it('is listed by name outside of any work, as it is inside', async () => {
      const { work, catalogues } = subject();
      const inside = await work.run(async ({ deviceTypes, manufacturers, sites, tags }) => {
        for (const entry of ['b', 'A', 'c']) {
          await deviceTypes.add(aType(entry, { schedulable: entry === 'A' }), NOON);
          for (const catalogue of [manufacturers, sites, tags]) await catalogue.add({ name: entry }, NOON);
        }
        return [await deviceTypes.all(), await manufacturers.all(), await sites.all(), await tags.all()];
      });
      const outside = [
        await catalogues.deviceTypes(),
        await catalogues.manufacturers(),
        await catalogues.sites(),
        await catalogues.tags(),
      ];
      expect(outside).to.deep.equal(inside);
      for (const entries of outside) expect(entries.map((entry) => entry.name)).to.deep.equal(['A', 'b', 'c']);
    });
  });
};

import { expect } from 'chai';
import type { Catalogue, Named, NewNamed, Stores } from '../../application/index.js';
import { DEVICE_CATEGORIES } from '../../domain/index.js';
import { expectOneWinner, givingUp, refusalOf } from './racing.js';
import { aType, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

type AnyCatalogue = Pick<Catalogue<Named, NewNamed>, 'all' | 'named'> & { add(name: string): Promise<Named> };

const catalogueIn: Readonly<Record<string, (stores: Stores) => AnyCatalogue>> = {
  'device types': ({ deviceTypes }) => ({
    all: () => deviceTypes.all(),
    named: (name) => deviceTypes.named(name),
    add: (name) => deviceTypes.add(aType(name), NOON),
  }),
  manufacturers: ({ manufacturers }) => namedEntries(manufacturers),
  sites: ({ sites }) => namedEntries(sites),
  tags: ({ tags }) => namedEntries(tags),
};

const namedEntries = (catalogue: Catalogue<Named, NewNamed>): AnyCatalogue => ({
  all: () => catalogue.all(),
  named: (name) => catalogue.named(name),
  add: (name) => catalogue.add({ name }, NOON),
});

/** For the Catalogues of a UnitOfWork. */
export const cataloguesContract = (name: string, open: OpenSubject<'work'>): void => {
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
        expect(added).to.deep.equal({ id: added.id, ...type });
        expect(await work.run(({ deviceTypes }) => deviceTypes.named(type.name))).to.deep.equal(added);
        expect(await work.run(({ deviceTypes }) => deviceTypes.all())).to.deep.include(added);
      }
    });
  });
};

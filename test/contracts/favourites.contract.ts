import { expect } from 'chai';
import type { Favourite } from '../../application/index.js';
import { givingUp, race } from './racing.js';
import { LATEST, NOON, furnish } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

type NewFavourite = Pick<Favourite, 'userId' | 'groupId' | 'name' | 'devices'>;

/** For the FavouriteRepository of a UnitOfWork and the FavouriteLists outside of it. */
export const favouritesContract = (name: string, open: OpenSubject<'work' | 'favourites'>): void => {
  describe(`${name} as a keeper of favourites`, () => {
    const subject = forEachTest(open);

    const people = async () => {
      const furnished = await subject().work.run((stores) => furnish(stores, { people: ['ada', 'bob'] }));
      return furnished.people.map((user) => user.id) as [number, number];
    };
    const aFavourite = (userId: number, other: Partial<NewFavourite> = {}): NewFavourite => ({
      userId,
      groupId: 'group',
      name: 'Monday bench',
      devices: [{ deviceId: 1, deviceName: 'ROADM 1', deviceType: 'ROADM' }],
      ...other,
    });
    const save = (favourite: NewFavourite, at = NOON) =>
      subject().work.run(({ favourites }) => favourites.save(favourite, at));
    const find = (id: number) => subject().work.run(({ favourites }) => favourites.find(id));
    const listOf = (userId: number) => subject().favourites.ofUser(userId);

    it('keeps one as it was saved, in any script and of any size', async () => {
      const [ada] = await people();
      const given = [
        aFavourite(ada),
        aFavourite(ada, { groupId: 'none', devices: [] }),
        aFavourite(ada, {
          groupId: 'x'.repeat(36),
          name: 'Ω 測 🔌 '.repeat(25).trim(),
          devices: Array.from({ length: 1000 }, (_, index) => ({
            deviceId: index,
            deviceName: `Žižkov "${index}" \\ 測 🔌`,
            deviceType: `it's`,
          })),
        }),
      ];
      const saved: Favourite[] = [];
      for (const favourite of given) saved.push(await save(favourite, LATEST));
      expect(saved).to.deep.equal(
        given.map((favourite, index) => ({
          ...favourite,
          id: saved[index]!.id,
          createdAt: LATEST,
          updatedAt: LATEST,
        })),
      );
      for (const favourite of saved) expect(await find(favourite.id)).to.deep.equal(favourite);
      expect(await listOf(ada)).to.deep.equal([...saved].sort((a, b) => a.id - b.id));
    });

    it('has none where there is none', async () => {
      for (const id of [1, 0, 2 ** 31]) expect(await find(id)).to.equal(null);
      expect(await listOf(1)).to.deep.equal([]);
      await subject().work.run(({ favourites }) => favourites.remove(1));
    });

    it('keeps one for each user and group: saving again changes name and devices and keeps the rest', async () => {
      const [ada, bob] = await people();
      const first = await save(aFavourite(ada));
      const his = await save(aFavourite(bob));
      const other = await save(aFavourite(ada, { groupId: 'other' }));
      const again = await save(aFavourite(ada, { name: 'Tuesday bench', devices: [] }), NOON + 1);
      expect(again).to.deep.equal({ ...first, name: 'Tuesday bench', devices: [], updatedAt: NOON + 1 });
      expect(await listOf(ada)).to.deep.equal([again, other]);
      expect(await listOf(bob)).to.deep.equal([his]);
    });

    it('is told apart by the very group, letter by letter', async () => {
      const [ada] = await people();
      const groups = ['group', 'GROUP', 'gröup'];
      for (const groupId of groups) await save(aFavourite(ada, { groupId }));
      expect((await listOf(ada)).map((favourite) => favourite.groupId)).to.deep.equal(groups);
    });

    it('removes one and never uses its id again', async () => {
      const [ada] = await people();
      const [kept, removed] = [await save(aFavourite(ada)), await save(aFavourite(ada, { groupId: 'other' }))];
      await subject().work.run(({ favourites }) => favourites.remove(removed.id));
      expect(await find(removed.id)).to.equal(null);
      expect(await listOf(ada)).to.deep.equal([kept]);
      expect((await save(aFavourite(ada, { groupId: 'other' }))).id).to.be.above(removed.id);
    });

    it('keeps one of many that are saved for one group at once', async () => {
      const [ada] = await people();
      const { won } = await race((racer) => save(aFavourite(ada, { name: `racer ${racer}` })));
      expect(new Set(won.map((favourite) => favourite.id)).size).to.equal(1);
      const [left, ...others] = await listOf(ada);
      expect(others).to.deep.equal([]);
      expect(won.map((favourite) => favourite.name)).to.include(left!.name);
    });

    it('keeps nothing of a work that fails', async () => {
      const [ada] = await people();
      const before = await save(aFavourite(ada));
      await givingUp(subject().work, async ({ favourites }) => {
        await favourites.save(aFavourite(ada, { name: 'changed' }), NOON + 1);
        await favourites.save(aFavourite(ada, { groupId: 'new' }), NOON + 1);
        await favourites.remove(before.id);
      });
      expect(await listOf(ada)).to.deep.equal([before]);
    });
  });
};

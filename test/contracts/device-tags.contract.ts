import { expect } from 'chai';
import { furnish, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the DeviceTags of a UnitOfWork. */
export const deviceTagsContract = (name: string, open: OpenSubject<'work'>): void => {
  describe(`${name} as a keeper of device tags`, () => {
    const subject = forEachTest(open);

    const labelled = async (rows: readonly string[], names: readonly string[]) =>
      subject().work.run(async (stores) => {
        const furnished = await furnish(stores, { rows: rows.map((row) => ({ name: row })) });
        const tags: number[] = [];
        for (const tag of names) tags.push((await stores.tags.add({ name: tag }, NOON)).id);
        return { devices: furnished.rows.map((row) => row.id), tags };
      });
    const set = (deviceId: number, tagIds: readonly number[]) =>
      subject().work.run(({ deviceTags }) => deviceTags.set(deviceId, tagIds));
    const all = async () =>
      [...(await subject().work.run(({ deviceTags }) => deviceTags.all()))]
        .map(([id, names]) => [id, [...names].sort()] as const)
        .sort(([a], [b]) => a - b);

    it('knows the tags of each device by name, and leaves out devices without', async () => {
      const { devices, tags } = await labelled(['a', 'b', 'c'], ['polatis-a', 'Spool Ω']);
      expect(await all()).to.deep.equal([]);
      await set(devices[0]!, tags);
      await set(devices[2]!, [tags[1]!]);
      expect(await all()).to.deep.equal([
        [devices[0], ['Spool Ω', 'polatis-a']],
        [devices[2], ['Spool Ω']],
      ]);
    });

    it('knows the tags of one device by name, and the devices of one tag', async () => {
      const { devices, tags } = await labelled(['a', 'b', 'c'], ['polatis-a', 'Spool Ω', 'Loan']);
      await set(devices[0]!, [tags[1]!, tags[0]!, tags[2]!]);
      await set(devices[2]!, [tags[1]!]);
      await subject().work.run(async (stores) => {
        const entries = await stores.tags.all();
        expect(await stores.deviceTags.of(devices[0]!)).to.deep.equal(entries);
        expect(await stores.deviceTags.of(devices[1]!)).to.deep.equal([]);
        expect(await stores.deviceTags.having(tags[1]!)).to.deep.equal([devices[0], devices[2]]);
        expect(await stores.deviceTags.having(-1)).to.deep.equal([]);
      });
    });

    it('replaces what a device had, and takes a tag that is named twice once', async () => {
      const { devices, tags } = await labelled(['a', 'b'], ['x', 'y', 'z']);
      for (const device of devices) await set(device, [tags[0]!, tags[1]!]);
      await set(devices[0]!, [tags[1]!, tags[2]!, tags[2]!]);
      expect(await all()).to.deep.equal([
        [devices[0], ['y', 'z']],
        [devices[1], ['x', 'y']],
      ]);
      await set(devices[0]!, []);
      expect(await all()).to.deep.equal([[devices[1], ['x', 'y']]]);
    });

    it('gives a device more than a thousand tags', async () => {
      const names = Array.from({ length: 1_100 }, (_, index) => `tag ${index}`);
      const { devices, tags } = await labelled(['a'], names);
      await set(devices[0]!, tags);
      expect(await all()).to.deep.equal([[devices[0], names.sort()]]);
    });
  });
};

import { expect } from 'chai';
import type { NewAttachment } from '../../application/index.js';
import { givingUp } from './racing.js';
import { furnish, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const aPaper = (deviceId: number, vaultName: string, other: Partial<NewAttachment> = {}): NewAttachment => ({
  deviceId,
  fileName: 'manual.pdf',
  mimeType: 'application/pdf',
  sizeBytes: 13,
  vaultName,
  uploadedBy: 3,
  uploadedByName: 'ada',
  createdAt: NOON,
  ...other,
});

/** For the AttachmentRepository of a UnitOfWork and the AttachmentListings outside of it. */
export const attachmentsContract = (name: string, open: OpenSubject<'work' | 'attachments'>): void => {
  describe(`${name} as a list of the papers of devices`, () => {
    const subject = forEachTest(open);

    const add = (paper: NewAttachment) => subject().work.run(({ attachments }) => attachments.add(paper));

    it('keeps everything that is known of a paper, inside of a work and outside', async () => {
      const big = { fileName: 'Ω 🔌.tar.gz', sizeBytes: 5_000_000_000, createdAt: LATEST, uploadedBy: null };
      for (const paper of [aPaper(1, 'one'), aPaper(1, 'two', big)]) {
        const added = await add(paper);
        expect(added).to.deep.equal({ id: added.id, ...paper });
        expect(await subject().attachments.find(added.id)).to.deep.equal(added);
        expect(await subject().work.run(({ attachments }) => attachments.find(added.id))).to.deep.equal(added);
      }
    });

    it('lists those of one device, the oldest first', async () => {
      const papers = [await add(aPaper(1, 'b')), await add(aPaper(1, 'a', { createdAt: NOON - 1 }))];
      await add(aPaper(2, 'c'));
      expect(await subject().attachments.ofDevice(1)).to.deep.equal(papers);
      expect(await subject().work.run(({ attachments }) => attachments.ofDevice(1))).to.deep.equal(papers);
      expect(await subject().attachments.ofDevice(3)).to.deep.equal([]);
    });

    it('forgets one that is removed, and those of a device that is', async () => {
      const { work, attachments: listings } = subject();
      const rows = await work.run((stores) => furnish(stores, { rows: [{ name: 'kept' }, { name: 'gone' }] }));
      const [kept, gone] = rows.rows.map(({ id }) => id) as [number, number];
      const [first, second] = [await add(aPaper(kept, 'one')), await add(aPaper(kept, 'two'))];
      await add(aPaper(gone, 'three'));
      await work.run(async ({ attachments, devices }) => {
        await attachments.remove(first.id);
        await attachments.remove(-1);
        await devices.remove(gone);
      });
      expect(await listings.find(first.id)).to.equal(null);
      expect(await listings.ofDevice(kept)).to.deep.equal([second]);
      expect(await listings.ofDevice(gone)).to.deep.equal([]);
    });

    it('tells which of many files have a paper', async () => {
      for (const vaultName of ['one', 'two']) await add(aPaper(1, vaultName));
      const asked = ['two', ...Array.from({ length: 2000 }, (_, index) => `other-${index}`), 'one'];
      expect(await subject().attachments.vaultNamesAmong(asked)).to.have.members(['one', 'two']);
      expect(await subject().attachments.vaultNamesAmong([])).to.deep.equal([]);
    });

    it('has none of a work that came to nothing', async () => {
      await givingUp(subject().work, ({ attachments }) => attachments.add(aPaper(1, 'one')));
      expect(await subject().attachments.ofDevice(1)).to.deep.equal([]);
    });
  });
};

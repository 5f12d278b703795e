import { expect } from 'chai';
import type { AuditEntry } from '../../application/index.js';
import { givingUp, race } from './racing.js';
import { anEntry, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const ALL = { action: null, entityType: null, actor: null, from: null, to: null };

/** For the AuditChain of a UnitOfWork, and for AuditChainReader and AuditRecords, which read the same trail. */
export const auditChainContract = (name: string, open: OpenSubject<'work' | 'auditChain' | 'auditRecords'>): void => {
  describe(`${name} as a sealed audit trail`, () => {
    const subject = forEachTest(open);
    const append = (...entries: AuditEntry[]) =>
      subject().work.run(async ({ audit }) => {
        for (const entry of entries) await audit.append(entry);
      });
    const seal = () =>
      subject().work.run(async ({ auditChain }) => {
        const head = await auditChain.claimHead();
        const entries = await auditChain.unsealed(100);
        const first = head?.place ?? 0;
        await auditChain.add(
          entries.map((entry, at) => ({
            place: first + at + 1,
            entryId: entry.id,
            hash: `${first + at + 1}`.padEnd(64),
          })),
        );
        return entries;
      });

    it('gives entries as they are kept: who, by which request, from where', async () => {
      const actor = { id: 7, name: 'ada', role: 'Admin' as const, requestId: 'r-1', address: '192.0.2.7' };
      await append(
        anEntry({ actor, at: LATEST, message: 'Ω 測 🔌', metadata: { before: [1], after: null } }),
        anEntry(),
      );
      const { items, total } = await subject().auditRecords.page(ALL, { limit: 10, offset: 0 });
      expect(total).to.equal(2);
      expect(items[0]!.id).to.be.above(items[1]!.id);
      expect(items[1]).to.deep.equal({
        ...{ id: items[1]!.id, at: LATEST, actorId: 7, actorName: 'ada', actorRole: 'Admin', requestId: 'r-1' },
        ...{ action: 'booking.cancelled', entityType: 'booking', entityId: '1', entityLabel: 'ROADM 1' },
        ...{ message: 'Ω 測 🔌', metadata: '{"before":[1],"after":null}', address: '192.0.2.7' },
      });
      expect(items[0]).to.include({ requestId: null, address: null });
    });

    it('finds entries by beginning of the action, entity, actor and time, page by page', async () => {
      const kim = { id: 2, name: 'Kim', role: null };
      await append(
        anEntry({ action: 'booking.cancelled', at: NOON }),
        anEntry({ action: 'booking.confirmed', at: NOON + 1, actor: kim }),
        anEntry({ action: 'device.added', entityType: 'device', at: NOON + 2, actor: kim }),
        anEntry({ action: 'booking_x', at: NOON + 3 }),
      );
      const { auditRecords } = subject();
      const actions = async (filter: Partial<typeof ALL> | object, page = { limit: 10, offset: 0 }) => {
        const found = await auditRecords.page({ ...ALL, ...filter }, page);
        return [found.total, ...found.items.map((item) => item.action)];
      };
      expect(await actions({ action: 'booking.' })).to.deep.equal([2, 'booking.confirmed', 'booking.cancelled']);
      expect(await actions({ action: 'booking_' })).to.deep.equal([1, 'booking_x']);
      expect(await actions({ entityType: 'device' })).to.deep.equal([1, 'device.added']);
      expect(await actions({ actor: 'kIM' })).to.deep.equal([2, 'device.added', 'booking.confirmed']);
      expect(await actions({ from: NOON + 1, to: NOON + 2 })).to.deep.equal([1, 'booking.confirmed']);
      expect(await actions({}, { limit: 2, offset: 1 })).to.deep.equal([4, 'device.added', 'booking.confirmed']);
      const [last, ...rest] = await auditRecords.before(ALL, null, 2);
      expect(rest).to.have.length(1);
      const before = await auditRecords.before({ ...ALL, action: 'booking' }, last!.id, 10);
      expect(before.map((entry) => entry.action)).to.deep.equal(['booking.confirmed', 'booking.cancelled']);
    });

    it('knows what is not sealed yet, and seals it once', async () => {
      await append(anEntry({ message: '1' }), anEntry({ message: '2' }));
      expect(await subject().auditChain.head()).to.equal(null);
      expect(await subject().auditChain.countUnsealed()).to.equal(2);
      expect((await seal()).map((entry) => entry.message)).to.deep.equal(['1', '2']);
      await append(anEntry({ message: '3' }));
      expect((await seal()).map((entry) => entry.message)).to.deep.equal(['3']);
      expect(await seal()).to.deep.equal([]);
      expect(await subject().auditChain.countUnsealed()).to.equal(0);
      expect(await subject().auditChain.head()).to.deep.equal({ place: 3, hash: '3'.padEnd(64) });
      const links = await subject().auditChain.after(1, 10);
      expect(links.map(({ place, entry }) => [place, entry?.message])).to.deep.equal([
        [2, '2'],
        [3, '3'],
      ]);
      expect(links[0]!.entryId).to.equal(links[0]!.entry!.id);
      expect(await subject().auditChain.after(0, 1)).to.have.length(1);
    });

    it('keeps nothing of a sealing that failed', async () => {
      await append(anEntry());
      await givingUp(subject().work, async ({ auditChain }) => {
        await auditChain.claimHead();
        const [entry] = await auditChain.unsealed(1);
        await auditChain.add([{ place: 1, entryId: entry!.id, hash: 'x'.repeat(64) }]);
      });
      expect(await subject().auditChain.head()).to.equal(null);
      expect(await subject().auditChain.countUnsealed()).to.equal(1);
    });

    it('is made longer by one at a time', async () => {
      await append(anEntry(), anEntry(), anEntry());
      await race(async () => {
        await append(anEntry());
        return seal();
      });
      await seal();
      const links = await subject().auditChain.after(0, 1000);
      expect(links.map(({ place }) => place)).to.deep.equal(links.map((_, at) => at + 1));
      expect(new Set(links.map(({ entryId }) => entryId)).size).to.equal(links.length);
      expect(await subject().auditChain.countUnsealed()).to.equal(0);
    });
  });
};

import { expect } from 'chai';
import { givingUp } from './racing.js';
import { anEntry, LATEST } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** For the AuditTrail of a UnitOfWork. */
export const auditContract = (name: string, open: OpenSubject<'work' | 'auditEntries'>): void => {
  describe(`${name} as an audit trail`, () => {
    const subject = forEachTest(open);

    it('keeps an entry with the deed', async () => {
      const { work, auditEntries } = subject();
      await work.run(({ audit }) => audit.append(anEntry()));
      await work.run(({ audit }) => audit.append(anEntry({ at: LATEST })));
      expect(await auditEntries()).to.equal(2);
    });

    it('forgets the entry of a deed that failed', async () => {
      const { work, auditEntries } = subject();
      await givingUp(work, ({ audit }) => audit.append(anEntry()));
      expect(await auditEntries()).to.equal(0);
    });

    it('takes an entry about nothing in particular, by the system', async () => {
      const { work, auditEntries } = subject();
      const actor = { id: null, name: 'system', role: null };
      await work.run(({ audit }) => audit.append(anEntry({ actor, entityId: null, entityLabel: null, metadata: {} })));
      expect(await auditEntries()).to.equal(1);
    });

    it('does not let a deed fail because there is much to say about it', async () => {
      const { work, auditEntries } = subject();
      const long = 'Ω 測 🔌 '.repeat(1_000);
      await work.run(({ audit }) =>
        audit.append(anEntry({ entityLabel: long, message: long, metadata: { before: long.repeat(20) } })),
      );
      expect(await auditEntries()).to.equal(1);
    });
  });
};

import { expect } from 'chai';
import { Settling } from '../../application/notification/settling.js';
import type { NotificationStores, Outcome } from '../../application/index.js';
import { ManualClock } from '../support/manual-clock.js';

const outcome = (id: number): Outcome => ({ id, state: 'sent', at: 0, error: null }) as unknown as Outcome;

describe('what was sent', () => {
  it('is written down before more is sent than a crash may repeat, however slow the disk is', async () => {
    const written: number[] = [];
    let release: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (release = resolve));
    const settle = async (outcomes: readonly Outcome[]) => {
      await slow;
      written.push(...outcomes.map(({ id }) => id));
    };
    const settling = new Settling(
      { run: (deed) => deed({ outbox: { settle } } as unknown as NotificationStores) },
      new ManualClock(),
    );
    let sent = 0;
    const sending = (async () => {
      while (sent < 100) {
        settling.add(outcome((sent += 1)));
        await settling.hasRoom();
      }
    })();
    await new Promise((resolve) => setImmediate(resolve));
    // Those in the write that is under way count as well.
    expect(sent).to.equal(20);
    release();
    await sending;
    await settling.done();
    expect(written).to.deep.equal(Array.from({ length: 100 }, (_, n) => n + 1));
  });
});

import { expect } from 'chai';
import { Bell, FanOutEvents, LiveFeed, RingingWork, type PlacedEvent } from '../../application/index.js';
import { TypeormEventHistory } from '../../adapters/typeorm/events/typeorm-event-log.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { TypeormUnitOfWork } from '../../adapters/typeorm/typeorm-unit-of-work.js';
import { LabZone, usualTelling, type DeviceEvent } from '../../domain/index.js';
import { ManualClock } from '../support/manual-clock.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';

const anEvent = (name: string): DeviceEvent => ({
  ...{ type: 'device.changed', at: 0, actorId: null, concerns: [] },
  device: { id: 1, type: 'ROADM', name, status: 'active' },
});

const gate = () => {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
};

onMariaDb('events of transactions that end in another order than they began, on MariaDB', () => {
  it('are all told, and each behind everything that was told before', async () => {
    const database = await openDatabase(await freshDatabase());
    const work = new RingingWork(new TypeormUnitOfWork(database), new Bell());
    const history = new TypeormEventHistory(database);
    const fanOut = new FanOutEvents(work, new ManualClock(), new LabZone('UTC'), usualTelling, new Set(['in-app']));
    const feed = new LiveFeed(history);
    const seen: string[] = [];
    const happened = (events: readonly PlacedEvent[]) => {
      for (const { event, place } of events) seen.push(`${place} ${(event as DeviceEvent).device.name}`);
    };
    try {
      await feed.follow(null, { happened, ended: () => undefined });
      const [written, mayEnd] = [gate(), gate()];
      const slow = work.run(async ({ events }) => {
        await events.append(anEvent('slow'));
        written.open();
        await mayEnd.passed;
      });
      await written.passed;
      await work.run(({ events }) => events.append(anEvent('quick')));
      await fanOut.execute();
      await feed.poll();
      expect(seen).to.deep.equal(['1 quick']);
      const [quick] = await history.after(0, 10);

      mayEnd.open();
      await slow;
      const [late] = await history.after(0, 10);
      expect(late!.id, 'who reads behind the last id never sees it').to.be.lessThan(quick!.id);
      await fanOut.execute();
      await feed.poll();
      expect(seen).to.deep.equal(['1 quick', '2 slow']);
      expect((await history.placedAfter(1, 10)).map(({ id }) => id)).to.deep.equal([late!.id]);
    } finally {
      await database.close();
    }
  });
});

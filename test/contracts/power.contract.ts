import { expect } from 'chai';
import {
  blankOutlet,
  type LastReading,
  type NewPdu,
  type NewPowerCommand,
  type OutletRecord,
  type PowerCommand,
  type PowerStores,
} from '../../application/index.js';
import { givingUp, refusalOf } from './racing.js';
import { aBooking, aMaintenance, furnish, hours, LATEST, NOON } from './samples.js';

import { forEachTest, type OpenSubject } from './subject.js';

const aPdu = (name: string, host: string, other: Partial<NewPdu> = {}): NewPdu => ({
  ...{ name, host, driver: 'auto', port: 161, credentials: 'env:PDU', user: null, pduPath: null, externalId: null },
  createdAt: NOON,
  ...other,
});

const aCommand = (pduId: number, other: Partial<NewPowerCommand> = {}): NewPowerCommand => ({
  ...{ pduId, outlet: 3, order: 'off', rule: null, reason: 'Ω 測 🔌', deviceId: 7, bookingId: null, createdAt: NOON },
  actor: { id: 1, name: 'ada', role: 'User' },
  ...other,
});

const IDENTITY = { driver: 'raritan-pdu2', manufacturer: 'Raritan', model: 'PX3', serialNumber: 'Ω-1', firmware: null };

const aReading = (pduId: number, other: Partial<LastReading> = {}): LastReading => ({
  pduId,
  reading: {
    identity: IDENTITY,
    outlets: [{ number: 1, name: 'left', state: 'on', watts: 0.5, switchable: true }],
    ...{ watts: 1.25, kilowattHours: 1e6, amperes: null, celsius: -3.5, relativeHumidity: null },
  },
  ...{ readAt: NOON + 1, triedAt: LATEST, problem: null },
  ...other,
});

/** For the PowerRepository of a UnitOfWork and the PowerView that reads it. */
export const powerContract = (name: string, open: OpenSubject<'work' | 'power'>): void => {
  describe(`${name} as a keeper of power`, () => {
    const subject = forEachTest(open);
    const run = <T>(deed: (power: PowerStores['power']) => Promise<T>): Promise<T> =>
      subject().work.run(({ power }) => deed(power));
    const twoPdus = () =>
      run(async (power) => [await power.addPdu(aPdu('PDU 1', 'a')), await power.addPdu(aPdu('PDU 2', 'b'))] as const);

    it('keeps PDUs as they were registered, and which unit answered', async () => {
      const given = aPdu('PDU 測', 'host.example', { user: 'admin', pduPath: '/model/pdu/0', externalId: 'X' });
      const added = await run((power) => power.addPdu(given));
      expect(added).to.deep.equal({ ...given, id: added.id, identity: null });
      await run((power) => power.setIdentity(added.id, IDENTITY));
      expect(await subject().power.pdus()).to.deep.equal([{ ...added, identity: IDENTITY }]);
      expect(await run((power) => power.pdus())).to.deep.equal([{ ...added, identity: IDENTITY }]);
    });

    it('has one PDU of a name in any letter case, and one at an address', async () => {
      await twoPdus();
      for (const twin of [aPdu(' pdu  1', 'c'), aPdu('PDU 3', 'b')]) {
        expect(await refusalOf(run((power) => power.addPdu(twin)))).to.include({
          code: 'pdu.duplicate',
          kind: 'invalid',
        });
      }
      await run((power) => power.addPdu(aPdu('PDU 3', 'b', { port: 162 })));
      expect(await subject().power.pdus()).to.have.length(3);
    });

    it('keeps outlets, new ones and over old ones, by PDU and number', async () => {
      const [one, two] = await twoPdus();
      const full: OutletRecord = {
        ...{ pduId: one.id, number: 24, deviceId: 5, label: 'Server 測', mode: 'on_demand', boundName: '' },
        hold: { until: LATEST, reason: 'Ω', by: 'ada' },
        hand: { to: 'off', at: NOON, by: 'bob', bookingId: 9 },
        ...{ failures: 3, retryAt: NOON + 1 },
      };
      const others = [blankOutlet(one.id, 2), { ...blankOutlet(two.id, 1), deviceId: 6 }];
      await run(async (power) => {
        await power.saveOutlet({ ...full, mode: null });
        for (const outlet of [...others, full]) await power.saveOutlet(outlet);
      });
      const { power } = subject();
      expect(await power.outlets()).to.deep.equal([others[0], full, others[1]]);
      expect(await power.outlets({ pduIds: [two.id, 999] })).to.deep.equal([others[1]]);
      expect(await power.outlets({ deviceIds: [5, 6] })).to.deep.equal([full, others[1]]);
      expect(await power.outlets({ deviceIds: [] })).to.deep.equal([]);
      expect(await run((stores) => stores.outlet(one.id, 24))).to.deep.equal(full);
      expect(await run((stores) => stores.outlet(one.id, 25))).to.equal(null);
    });

    it('keeps the last reading of each PDU, and none of one that is gone', async () => {
      const [one, two] = await twoPdus();
      const problem = { code: 'pdu.unreachable', detail: 'Check "it"\n' };
      const failed = aReading(two.id, { reading: null, readAt: null, problem });
      await run((power) => power.saveReadings([aReading(one.id, { triedAt: NOON }), failed, aReading(999_999)]));
      await run((power) => power.saveReadings([aReading(one.id)]));
      await run((power) => power.saveReadings([]));
      expect(await subject().power.readings()).to.deep.equal([aReading(one.id), failed]);
    });

    it('keeps the last word about each outlet, by number, and who said it', async () => {
      const [one, two] = await twoPdus();
      const said = { pduId: one.id, number: 7, to: 'off', by: 'ada', at: NOON } as const;
      await run((power) => power.say(said));
      await run((power) => power.say({ ...said, number: 2 }));
      await run((power) => power.say({ ...said, to: 'on', by: 'Ω 測', at: LATEST }));
      await run((power) => power.say({ ...said, pduId: two.id }));
      const words = [
        { ...said, number: 2 },
        { ...said, to: 'on', by: 'Ω 測', at: LATEST },
      ];
      expect(await subject().power.words(one.id)).to.deep.equal(words);
      expect(await run((power) => power.words(one.id))).to.deep.equal(words);
      expect(await subject().power.words(999_999)).to.deep.equal([]);
    });

    it('has people asked unless somebody says that it is so, and again when nobody says anything', async () => {
      const [one] = await twoPdus();
      const wish = { pduId: one.id, number: 3, to: 'on', at: NOON } as const;
      const ask = (to: 'on' | 'off', at: number) => run((power) => power.askFor({ ...wish, to, at }));
      expect(await ask('on', NOON)).to.equal(true);
      expect(await ask('on', NOON + 1)).to.equal(true);
      expect(await subject().power.words(one.id)).to.deep.equal([{ ...wish, by: null, at: NOON + 1 }]);
      await run((power) => power.say({ ...wish, by: 'ada' }));
      expect(await ask('on', NOON + 2)).to.equal(false);
      expect(await subject().power.words(one.id)).to.deep.equal([{ ...wish, by: 'ada' }]);
      expect(await ask('off', NOON + 3)).to.equal(true);
      expect(await subject().power.words(one.id)).to.deep.equal([{ ...wish, to: 'off', by: null, at: NOON + 3 }]);
      expect(await run((power) => power.askFor({ ...wish, pduId: 999_999 }))).to.equal(false);
      expect(await subject().power.words(999_999)).to.deep.equal([]);
    });

    it('never loses what a person says to people being asked for the same at that moment', async () => {
      const [one] = await twoPdus();
      for (let number = 1; number <= 8; number += 1) {
        const wish = { pduId: one.id, number, to: 'on', at: NOON } as const;
        await Promise.all([
          run((power) => power.askFor(wish)),
          run((power) => power.say({ ...wish, by: 'ada' })),
          run((power) => power.askFor(wish)),
        ]);
      }
      expect((await subject().power.words(one.id)).map(({ by }) => by)).to.deep.equal(Array(8).fill('ada'));
    });

    it('keeps commands as they were given and as they went, and tells those that are not done', async () => {
      const [one] = await twoPdus();
      const first = await run((power) => power.addCommand(aCommand(one.id)));
      const second = await run((power) => power.addCommand(aCommand(one.id, { rule: 'a rule', bookingId: 4 })));
      expect(first).to.deep.include({
        ...aCommand(one.id),
        state: 'waiting',
        outcome: null,
        sentAt: null,
        attempts: 0,
      });
      const went: PowerCommand = {
        ...second,
        ...({ state: 'resting', step: 'off', attempts: 2, before: 'on', sentAt: NOON + 1, restUntil: LATEST } as const),
        problem: { code: 'x', detail: 'Ω' },
      };
      await run((power) => power.saveCommand(went));
      expect(await subject().power.openCommands()).to.deep.equal([first, went]);
      const done = { ...first, state: 'done', outcome: 'confirmed', after: 'off', finishedAt: NOON + 5 } as const;
      await run((power) => power.saveCommand(done));
      expect(await subject().power.openCommands()).to.deep.equal([went]);
      expect(await subject().power.command(first.id)).to.deep.equal(done);
      expect(await subject().power.command(999_999)).to.equal(null);
    });

    it('forgets commands that were done before, and nothing else', async () => {
      const [one] = await twoPdus();
      const finish = async (finishedAt: number) => {
        const command = await run((power) => power.addCommand(aCommand(one.id)));
        await run((power) => power.saveCommand({ ...command, state: 'done', outcome: 'failed', finishedAt }));
        return command.id;
      };
      const [old, young] = [await finish(NOON - 1), await finish(NOON)];
      const waiting = await run((power) => power.addCommand(aCommand(one.id, { createdAt: NOON - 1000 })));
      await run((power) => power.removeDoneBefore(NOON));
      const { power } = subject();
      expect(await power.command(old)).to.equal(null);
      expect((await power.command(young))?.id).to.equal(young);
      expect((await power.command(waiting.id))?.id).to.equal(waiting.id);
    });

    it('forgets with a PDU everything about it, and nothing of others', async () => {
      const [one, two] = await twoPdus();
      for (const { id } of [one, two]) {
        await run(async (power) => {
          await power.saveOutlet(blankOutlet(id, 1));
          await power.saveReadings([aReading(id)]);
          await power.say({ pduId: id, number: 1, to: 'on', by: 'ada', at: NOON });
          await power.addCommand(aCommand(id));
        });
      }
      await run((power) => power.removePdu(one.id));
      const { power } = subject();
      expect((await power.pdus()).map(({ id }) => id)).to.deep.equal([two.id]);
      const words = [...(await power.words(one.id)), ...(await power.words(two.id))];
      for (const rows of [await power.outlets(), await power.readings(), words, await power.openCommands()]) {
        expect(rows.map(({ pduId }) => pduId)).to.deep.equal([two.id]);
      }
    });

    it('forgets what was written in work that failed', async () => {
      await givingUp(subject().work, ({ power }) => power.addPdu(aPdu('PDU 1', 'a')));
      expect(await subject().power.pdus()).to.deep.equal([]);
    });

    it('tells of a device what it is booked and maintained for, by any of its rows', async () => {
      const { rows, people } = await subject().work.run((stores) =>
        furnish(stores, {
          rows: [{ name: 'ROADM 1', managementIp: '192.0.2.1' }, { name: 'roadm 1' }, { name: 'B' }],
          people: ['ada', 'bob'],
        }),
      );
      const [lead, sibling, other] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
      const [ada, bob] = people as [(typeof people)[0], (typeof people)[0]];
      await subject().work.run(async ({ bookings, maintenance }) => {
        const given = [
          aBooking(lead.id, ada.id, { slot: hours(1, 2) }),
          aBooking(lead.id, ada.id, { slot: hours(3, 4) }),
          aBooking(lead.id, ada.id, { slot: hours(9, 10) }),
          aBooking(other.id, ada.id, { slot: hours(1, 2) }),
        ];
        const made = await bookings.add(given, [bob.id]);
        await bookings.setStatus([made[0]!.id, made[2]!.id, made[3]!.id], 'CONFIRMED', NOON + 7);
        await maintenance.add(aMaintenance(sibling.id, { slot: hours(2, 3), reason: 'fans' }));
        await maintenance.add(aMaintenance(other.id, { slot: hours(2, 3) }));
      });
      const found = await subject().power.devices([sibling.id, 999_999], hours(0, 9));
      expect(found).to.have.length(1);
      const [{ bookings, ...device }] = found as [(typeof found)[0]];
      expect(device).to.deep.equal({
        ...{ id: sibling.id, thingId: lead.id, type: 'ROADM', name: 'roadm 1', status: 'active', managementIp: null },
        maintenance: [{ slot: hours(2, 3), reason: 'fans' }],
      });
      expect(bookings.map(({ bookingId: _, ...booking }) => booking)).to.deep.equal([
        {
          ...{ deviceId: lead.id, ownerId: ada.id, ownerUsername: 'ada', collaboratorIds: [bob.id] },
          ...{ slot: hours(1, 2), status: 'CONFIRMED', changedAt: NOON + 7 },
        },
      ]);
      expect(await subject().power.devices([], hours(0, 9))).to.deep.equal([]);
    });
  });
};

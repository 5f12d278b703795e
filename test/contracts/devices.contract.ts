import { expect } from 'chai';
import type { ThingName } from '../../application/index.js';
import { DEVICE_STATUSES, type Device, type DeviceFacts, type Instant } from '../../domain/index.js';
import { expectOneWinner, givingUp, race, RACERS, readDuring, refusalOf } from './racing.js';
import { aMaintenance, aType, factsOf, hours, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** Everything that can be said of a device, at its longest where that matters. */
const everythingKnown = (typeId: number): DeviceFacts => ({
  oiId: 'OI-DEV-001001',
  name: 'ROADM Ω 測 1',
  typeId,
  manufacturerId: 3,
  model: 'ROADM-20 µ',
  serialNumber: 'SN/1 2-3',
  status: 'in_maintenance',
  siteId: 4,
  rack: 'A01',
  uPosition: 0,
  hostname: 'roadm1.lab.example',
  managementIp: '2001:db8:ffff:ffff:ffff:ffff:192.0.2.123',
  polatisName: 'PA-ROADM1-A',
  polatisPortRange: '1-4,9',
  inPort: 1,
  outPort: 999_999,
  ports: ['1-32:eth', 'line "1":line', 'a;b:fiber', 'Ω\\n:mon', ''],
  ownerGroup: 'Photonics',
  ownerId: 5,
  notes: 'Noisy 🔌\nsecond line\t'.repeat(80),
});

/** What is written beside the facts when nobody in particular adds a device. */
const writtenFirst = (at: Instant) => ({ version: 1, createdAt: at, updatedAt: at, createdBy: null, updatedBy: null });

/** For the DeviceRepository of a UnitOfWork and the DeviceListings outside of it. */
export const devicesContract = (name: string, open: OpenSubject<'work' | 'devices'>): void => {
  describe(`${name} as an inventory of devices`, () => {
    const subject = forEachTest(open);

    const type = (typeName = 'ROADM', other: Parameters<typeof aType>[1] = {}) =>
      subject().work.run(async ({ deviceTypes }) => (await deviceTypes.add(aType(typeName, other), NOON)).id);
    const add = (facts: DeviceFacts, at = NOON) => subject().work.run(({ devices }) => devices.add(facts, at));
    const update = (id: number, facts: DeviceFacts, at = NOON + 1) =>
      subject().work.run(({ devices }) => devices.update(id, facts, at));
    const remove = (id: number) => subject().work.run(({ devices }) => devices.remove(id));
    const find = (id: number) => subject().work.run(({ devices }) => devices.find(id));
    const all = () => subject().work.run(({ devices }) => devices.all());
    const claim = (names: readonly ThingName[]) => subject().work.run(({ devices }) => devices.claimThings(names));

    it('keeps all that is known of a device, to the millisecond', async () => {
      const typeId = await type();
      for (const facts of [everythingKnown(typeId), factsOf(typeId, 'ROADM 2')]) {
        const device = await add(facts, LATEST);
        expect(device).to.deep.equal({ id: device.id, ...facts, ...writtenFirst(LATEST) });
        expect(await find(device.id)).to.deep.equal(device);
        expect(await claim([facts])).to.deep.equal([device]);
        expect(await all()).to.deep.include(device);
      }
    });

    for (const status of DEVICE_STATUSES) {
      it(`keeps that a device is ${status}`, async () => {
        const device = await add(factsOf(await type(), 'ROADM 1', { status }));
        expect((await find(device.id))?.status).to.equal(status);
        expect((await subject().devices.find(device.id))?.status).to.equal(status);
      });
    }

    it('has none where there is none', async () => {
      for (const id of [1, 0, -1, 2 ** 31]) expect(await find(id)).to.equal(null);
      expect(await subject().devices.find(1)).to.equal(null);
      expect(await all()).to.deep.equal([]);
      expect(await claim([])).to.deep.equal([]);
      expect(await claim([{ typeId: 1, name: 'ROADM 1' }])).to.deep.equal([]);
      await update(1, factsOf(1, 'ROADM 1'));
      await remove(1);
      expect(await all()).to.deep.equal([]);
    });

    it('changes a device and not when it came', async () => {
      const typeId = await type();
      const other = await add(factsOf(typeId, 'ROADM 2'));
      const device = await add(factsOf(typeId, 'ROADM 1'));
      await update(device.id, everythingKnown(typeId), NOON + 7);
      const written = { ...writtenFirst(NOON), version: 2, updatedAt: NOON + 7 };
      const changed: Device = { ...everythingKnown(typeId), id: device.id, ...written };
      expect(await find(device.id)).to.deep.equal(changed);
      await update(device.id, factsOf(typeId, 'ROADM 1'), NOON + 8);
      expect(await find(device.id)).to.deep.equal({ ...device, version: 3, updatedAt: NOON + 8 });
      expect(await find(other.id)).to.deep.equal(other);
    });

    it('remembers who added and who changed a device, and counts the changes', async () => {
      const { work } = subject();
      const typeId = await type();
      const [device, other] = await work.run(async ({ devices }) => [
        await devices.add(factsOf(typeId, 'ROADM 1'), NOON, 7),
        await devices.add(factsOf(typeId, 'ROADM 2'), NOON),
      ]);
      expect(device).to.include({ version: 1, createdBy: 7, updatedBy: 7 });
      await work.run(async ({ devices }) => {
        await devices.update(device.id, factsOf(typeId, 'ROADM 1'), NOON + 1, 8);
        await devices.touch(device.id, NOON + 2, 9);
        await devices.touch(-1, NOON + 2, 9);
      });
      const written = { version: 3, createdBy: 7, updatedBy: 9, updatedAt: NOON + 2 };
      expect(await find(device.id)).to.deep.equal({ ...device, ...written });
      expect(await find(other.id)).to.deep.equal(other);
    });

    it('counts the changes of many who make them at once, and misses none', async () => {
      const device = await add(factsOf(await type(), 'ROADM 1'));
      await race((racer) => subject().work.run(({ devices }) => devices.touch(device.id, NOON + racer, null)));
      expect((await find(device.id))?.version).to.equal(1 + RACERS);
    });

    it('knows of which devices an entry of a catalogue is said', async () => {
      const [roadm, otdr] = [await type(), await type('OTDR')];
      const [a, b] = [
        await add(factsOf(roadm, 'a', { siteId: 3, manufacturerId: 4 })),
        await add(factsOf(otdr, 'b', { siteId: 3 })),
      ];
      const referring = (fact: 'typeId' | 'siteId' | 'manufacturerId', id: number) =>
        subject().work.run(({ devices }) => devices.referringTo(fact, id));
      expect(await referring('siteId', 3)).to.deep.equal([a, b]);
      expect(await referring('typeId', otdr)).to.deep.equal([b]);
      expect(await referring('manufacturerId', 4)).to.deep.equal([a]);
      expect(await referring('manufacturerId', 3)).to.deep.equal([]);
    });

    it('lists devices by id', async () => {
      const typeId = await type();
      const names = ['c', 'a', 'B', 'a'];
      const added = [];
      for (const deviceName of names) added.push(await add(factsOf(typeId, deviceName)));
      expect(await all()).to.deep.equal(added);
      const ids = added.map((device) => device.id);
      expect(ids).to.deep.equal([...ids].sort((a, b) => a - b));
    });

    it('never uses an id twice, not even that of the newest device', async () => {
      const typeId = await type();
      const seen = new Set<number>();
      for (let round = 0; round < 3; round += 1) {
        const { id } = await add(factsOf(typeId, 'ROADM 1'));
        expect(seen.has(id)).to.equal(false);
        seen.add(id);
        await remove(id);
        expect(await find(id)).to.equal(null);
      }
    });

    it('takes the tags and the maintenance of a removed device away with it', async () => {
      const typeId = await type();
      const [kept, removed] = [await add(factsOf(typeId, 'kept')), await add(factsOf(typeId, 'removed'))];
      await subject().work.run(async ({ tags, deviceTags, maintenance }) => {
        const tag = await tags.add({ name: 'spool' }, NOON);
        for (const { id } of [kept, removed]) {
          await deviceTags.set(id, [tag.id]);
          await maintenance.add(aMaintenance(id));
        }
      });
      await remove(removed.id);
      await subject().work.run(async ({ deviceTags, maintenance }) => {
        expect([...(await deviceTags.all())]).to.deep.equal([[kept.id, ['spool']]]);
        expect(await maintenance.ofDevice(removed.id)).to.deep.equal([]);
        expect(await maintenance.ofDevice(kept.id)).to.have.length(1);
      });
    });

    for (const [fact, values] of [
      ['oiId', ['OI-1', 'OI-2']],
      ['serialNumber', ['SN-1', 'SN-2']],
    ] as const) {
      describe(`as to ${fact}, which no two devices share`, () => {
        const facts = (typeId: number, deviceName: string, value: string | null) =>
          factsOf(typeId, deviceName, { [fact]: value });

        it('refuses to add and to change into a second one', async () => {
          const typeId = await type();
          const first = await add(facts(typeId, 'a', values[0]));
          const second = await add(facts(typeId, 'b', values[1]));
          const refusals = [
            await refusalOf(add(facts(typeId, 'c', values[0]))),
            await refusalOf(update(second.id, facts(typeId, 'b', values[0]))),
          ];
          for (const refusal of refusals) {
            expect(refusal).to.include({ kind: 'invalid', code: 'device.duplicate' });
            expect(refusal.message).to.include(values[0]);
          }
          expect(await all()).to.deep.equal([first, second]);
        });

        it('lets a device keep its own, give it away, and many have none', async () => {
          const typeId = await type();
          const first = await add(facts(typeId, 'a', values[0]));
          for (const deviceName of ['b', 'c']) await add(facts(typeId, deviceName, null));
          await update(first.id, facts(typeId, 'renamed', values[0]));
          await update(first.id, facts(typeId, 'renamed', null));
          await add(facts(typeId, 'd', values[0]));
          expect(await all()).to.have.length(4);
        });

        it('gives one to one of many who want it at once', async () => {
          const typeId = await type();
          await expectOneWinner((racer) => add(facts(typeId, `racer ${racer}`, values[0])), 'device.duplicate');
          expect(await all()).to.have.length(1);
        });
      });
    }

    it('finds the devices at an address, by id', async () => {
      const typeId = await type();
      const at = (managementIp: string | null) => factsOf(typeId, 'ROADM', { managementIp });
      const [first, , second] = [
        await add(at('192.0.2.1')),
        await add(at('192.0.2.11')),
        await add(at('192.0.2.1')),
        await add(at(null)),
      ];
      const found = (ip: string) => subject().work.run(({ devices }) => devices.withManagementIp(ip));
      expect(await found('192.0.2.1')).to.deep.equal([first, second]);
      expect(await found('192.0.2.%')).to.deep.equal([]);
    });

    describe('claimed as things', () => {
      it('answers all rows of the names, in any letter case, by id', async () => {
        const [roadm, switches] = [await type('ROADM'), await type('Switch')];
        const rows = [
          await add(factsOf(roadm, 'Zoë 1', { inPort: 1 })),
          await add(factsOf(roadm, 'other')),
          await add(factsOf(switches, 'ZOË 1')),
          await add(factsOf(roadm, 'ZOË  1', { inPort: 2 })),
          await add(factsOf(roadm, 'Zoe 1')),
        ];
        expect(await claim([{ typeId: roadm, name: 'zoë 1' }])).to.deep.equal([rows[0], rows[3]]);
        const both = [
          { typeId: switches, name: 'zoë 1' },
          { typeId: roadm, name: 'zoë 1' },
          { typeId: roadm, name: 'ZOË 1' },
          { typeId: roadm, name: 'unknown' },
        ];
        expect(await claim(both)).to.deep.equal([rows[0], rows[2], rows[3]]);
      });

      it('can be more than a thousand', async () => {
        const typeId = await type();
        const device = await add(factsOf(typeId, 'ROADM 1100'));
        const names = Array.from({ length: 1_200 }, (_, index) => ({ typeId, name: `ROADM ${index}` }));
        expect(await claim(names)).to.deep.equal([device]);
      });

      it('belong to one work at a time', async () => {
        const typeId = await type();
        const device = await add(factsOf(typeId, 'ROADM 1', { uPosition: 0 }));
        const { won } = await race(() =>
          subject().work.run(async ({ devices }) => {
            const [row] = await devices.claimThings([{ typeId, name: 'ROADM 1' }]);
            await devices.update(row!.id, { ...row!, uPosition: row!.uPosition! + 1 }, NOON);
          }),
        );
        expect((await find(device.id))?.uPosition)
          .to.equal(won.length)
          .and.to.equal(RACERS);
      });

      it('are not added twice by many who look first', async () => {
        const typeId = await type();
        await race((racer) =>
          subject().work.run(async ({ devices }) => {
            const claimed = await devices.claimThings([{ typeId, name: 'ROADM 1' }]);
            if (claimed.length === 0) await devices.add(factsOf(typeId, racer % 2 ? 'ROADM 1' : 'roadm 1'), NOON);
          }),
        );
        expect(await all()).to.have.length(1);
      });

      it('are free again after a work that failed', async () => {
        const typeId = await type();
        await givingUp(subject().work, ({ devices }) => devices.claimThings([{ typeId, name: 'ROADM 1' }]));
        await add(factsOf(typeId, 'ROADM 1'));
        expect(await claim([{ typeId, name: 'ROADM 1' }])).to.have.length(1);
      });

      it('do not make works wait in a circle that claim the same in another order', async () => {
        const types = [await type('ROADM'), await type('Switch')];
        const names = types.flatMap((typeId) => ['a', 'b'].map((thing) => ({ typeId, name: thing })));
        for (const { typeId, name: thing } of names) await add(factsOf(typeId, thing, { uPosition: 0 }));
        await race((racer) =>
          subject().work.run(async ({ devices }) => {
            for (const row of await devices.claimThings(racer % 2 ? names : [...names].reverse())) {
              await devices.update(row.id, { ...row, uPosition: row.uPosition! + 1 }, NOON);
            }
          }),
        );
        expect((await all()).map((device) => device.uPosition)).to.deep.equal(names.map(() => RACERS));
      });
    });

    describe('listed for the first scheduler', () => {
      it('shows of each row what it knows, with its maintenance', async () => {
        const typeId = await type('ROADM Ω');
        const [full, plain] = [await add(everythingKnown(typeId)), await add(factsOf(typeId, 'plain'))];
        const windows = await subject().work.run(async ({ maintenance }) => [
          await maintenance.add(aMaintenance(full.id, { legacy: true, createdBy: 7, reason: 'Ω 🔌' })),
          await maintenance.add(aMaintenance(full.id, { slot: { start: NOON + 1, end: LATEST } })),
        ]);
        const known = {
          id: full.id,
          type: 'ROADM Ω',
          name: 'ROADM Ω 測 1',
          managementIp: '2001:db8:ffff:ffff:ffff:ffff:192.0.2.123',
          polatisName: 'PA-ROADM1-A',
          status: 'in_maintenance',
          inPort: 1,
          outPort: 999_999,
        };
        const listed = await subject().devices.find(full.id);
        expect(listed).to.deep.equal({ ...known, maintenance: listed?.maintenance });
        expect(listed?.maintenance).to.have.deep.members(windows);
        expect(await subject().devices.find(plain.id)).to.deep.equal({
          id: plain.id,
          type: 'ROADM Ω',
          name: 'plain',
          managementIp: null,
          polatisName: null,
          status: 'active',
          inPort: null,
          outPort: null,
          maintenance: [],
        });
        expect(await subject().devices.list({ schedulableOnly: true })).to.deep.equal([
          listed,
          await subject().devices.find(plain.id),
        ]);
      });

      it('goes by id, and leaves out only types that cannot be booked', async () => {
        const [roadm, pdu] = [await type('ROADM'), await type('PDU', { category: 'INFRA', schedulable: false })];
        const rows = [
          await add(factsOf(roadm, 'z', { status: 'retired' })),
          await add(factsOf(pdu, 'y')),
          await add(factsOf(roadm, 'x', { status: 'in_maintenance' })),
          await add(factsOf(roadm, 'z')),
        ].map((row) => row.id);
        const listed = async (schedulableOnly: boolean) =>
          (await subject().devices.list({ schedulableOnly })).map((row) => row.id);
        expect(await listed(false)).to.deep.equal(rows);
        expect(await listed(true)).to.deep.equal(rows.filter((id) => id !== rows[1]));
      });

      it('does not show what is not decided yet', async () => {
        const { work, devices } = subject();
        const typeId = await type();
        const device = await add(factsOf(typeId, 'ROADM 1'));
        const before = await devices.list({ schedulableOnly: false });
        const seen = await readDuring(
          work,
          async (stores) => {
            await stores.devices.add(factsOf(typeId, 'ROADM 2'), NOON);
            await stores.devices.update(device.id, { ...device, status: 'retired' }, NOON);
            await stores.maintenance.add(aMaintenance(device.id, { slot: hours(0, 1) }));
          },
          () => devices.list({ schedulableOnly: false }),
        );
        expect(seen).to.deep.equal(before);
      });
    });
  });
};

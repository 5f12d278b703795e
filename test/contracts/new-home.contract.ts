import { expect } from 'chai';
import { MOVED_IN, type MovedLab } from '../../application/move-in/index.js';
import type { AuditEntry } from '../../application/index.js';
import type { Device, User } from '../../domain/index.js';
import { refusal } from './refusal.js';
import { NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

const written = { createdAt: NOON, updatedAt: NOON };

const mark: AuditEntry = {
  ...{ at: NOON, actor: { id: null, name: 'system', role: null }, action: MOVED_IN, entityType: 'lab' },
  ...{ entityId: null, entityLabel: null, message: 'moved in', metadata: { fingerprint: 'abc' } },
};

const facts: Omit<Device, 'id' | 'name' | 'typeId' | 'createdAt' | 'updatedAt'> = {
  ...{ oiId: null, manufacturerId: null, model: null, serialNumber: null, status: 'active', siteId: null, rack: null },
  ...{ uPosition: null, hostname: null, managementIp: null, polatisName: null, polatisPortRange: null },
  ...{ inPort: 3, outPort: null, ports: [], ownerGroup: null, ownerId: 41, notes: null, version: 1 },
  ...{ createdBy: null, updatedBy: null },
};

const user: User = {
  ...{ id: 41, username: 'Ada', email: 'ada@lab.example', discordId: null, role: 'Admin', status: 'active' },
  createdAt: NOON,
};

/** A small lab with one of everything, whose ids have gaps. */
const sampleLab: MovedLab = {
  accounts: [{ user, passwordHash: 'hash of Ada', approvalLimits: { maxDays: 5, maxDeviceHours: null } }],
  invitations: [{ tokenDigest: 'd1', role: 'Viewer', expiresAt: NOON, invitedBy: 41, id: 'i1', email: null }],
  settings: [{ key: 'booking.maxDays', value: 14, changedAt: NOON, changedBy: 0 }],
  deviceTypes: [
    {
      ...{ id: 7, name: 'ROADM', category: 'OPTICAL', description: null, schedulable: true, hasPorts: true },
      ...written,
    },
  ],
  manufacturers: [{ id: 3, name: 'Adtran', website: null, notes: null, ...written }],
  sites: [{ id: 2, name: 'Annex', address: null, notes: null, ...written }],
  tags: [{ id: 9, name: 'loan', description: null, color: null, ...written }],
  devices: [{ id: 205, name: 'ROADM 1', typeId: 7, ...facts, ...written }],
  deviceTags: new Map([[205, [9]]]),
  windows: [
    {
      ...{ id: 1, deviceId: 205, slot: { start: NOON, end: NOON + 1 }, reason: 'Maintenance' },
      ...{ createdBy: null, createdAt: NOON, legacy: true },
    },
  ],
  changes: [
    {
      ...{ deviceId: 205, deviceName: 'ROADM 1', action: 'updated', at: NOON, actorId: 41, actorName: 'Ada' },
      ...{ notes: null, fields: [{ field: 'rack', before: 'A1', after: 'A2' }], metadata: { extra: 1 } },
    },
  ],
  attachments: [
    {
      ...{
        id: 6,
        deviceId: 205,
        fileName: 'a.pdf',
        mimeType: 'application/pdf',
        sizeBytes: 4,
        vaultName: 'moved-in-6',
      },
      ...{ uploadedBy: null, uploadedByName: 'unknown', createdAt: NOON },
    },
  ],
  health: [{ deviceId: 205, status: 'ok', heartbeatAt: NOON, metrics: { cpu: 7 }, reportedAt: NOON }],
  bookings: [
    {
      ...{ id: 1030, groupId: 'g1', deviceId: 205, ownerId: 41, slot: { start: NOON, end: NOON + 9 } },
      ...{ status: 'REJECTED', comment: 'please', collaboratorIds: [41], rejection: 'No room.', ...written },
    },
  ],
  lastBookingId: 2564,
  favourites: [
    {
      ...{ id: 38, userId: 41, groupId: 'g1', name: '★ weekly', ...written },
      devices: [{ deviceId: 205, deviceName: 'ROADM 1', deviceType: 'ROADM' }],
    },
  ],
  topologies: [{ id: 18, name: 'ring', ownerId: 41, collaboratorIds: [], nodes: [{ id: 'n' }], edges: [], ...written }],
  reviews: [
    { topologyId: 18, status: 'checked', submittedBy: 41, submittedAt: NOON, resolvedAt: null, conflictCount: 2 },
  ],
  pdus: [
    {
      ...{ id: 1, name: 'PDU1', driver: 'auto', host: '10.0.0.1', port: 161, credentials: 'env:PDU_PDU1' },
      ...{ user: null, pduPath: null, externalId: null, identity: null, createdAt: NOON },
    },
  ],
  outlets: [
    {
      ...{ pduId: 1, number: 4, deviceId: 205, label: null, mode: 'on_demand', boundName: null, hold: null },
      ...{ hand: null, failures: 0, retryAt: null },
    },
  ],
  audit: [mark],
};

/** Entries that are cut off after the first, when everything else is written. */
const breakingOff = (entry: AuditEntry): MovedLab['audit'] => {
  const entries = {
    *[Symbol.iterator]() {
      yield entry;
      throw new Error('cut off');
    },
  };
  return entries as unknown as MovedLab['audit'];
};

/** For the NewHome of a lab, and what the others of its adapters then see. */
export const newHomeContract = (
  name: string,
  open: OpenSubject<
    'newHome' | 'work' | 'users' | 'userListings' | 'favourites' | 'topologies' | 'power' | 'history' | 'settings'
  >,
): void => {
  describe(`${name} as a new home`, () => {
    const subject = forEachTest(open);

    it('is free at first, and knows of no move', async () => {
      expect(await subject().newHome.inTheWay()).to.deep.equal([]);
      expect(await subject().newHome.lastMove()).to.equal(null);
    });

    it('keeps everything under the ids that it brings', async () => {
      const { newHome, work, users, userListings, favourites, topologies, power, history, settings } = subject();
      await newHome.fill(sampleLab);
      expect(await newHome.lastMove()).to.deep.equal({ at: NOON, fingerprint: 'abc' });
      expect(await users.accountNamed('ADA')).to.deep.equal({ user, passwordHash: 'hash of Ada' });
      const filter = { role: null, status: null, text: null };
      const { items } = await userListings.page(filter, { limit: 9, offset: 0 });
      expect(items[0]?.approvalLimits).to.deep.equal({ maxDays: 5, maxDeviceHours: null });
      expect(await favourites.ofUser(41)).to.deep.equal(sampleLab.favourites);
      expect((await topologies.reviews(null)).map((review) => [review.topologyId, review.status])).to.deep.equal([
        [18, 'checked'],
      ]);
      expect(await power.pdus()).to.deep.equal(sampleLab.pdus);
      expect(await power.outlets()).to.deep.equal(sampleLab.outlets);
      expect(await settings.all()).to.deep.equal(sampleLab.settings);
      const [change] = await history.ofDevice(205, { limit: 9, offset: 0 });
      expect(change).to.deep.include({ field: 'rack', before: 'A1', after: 'A2', metadata: { extra: 1 } });
      await work.run(async (stores) => {
        expect(await stores.devices.all()).to.deep.equal(sampleLab.devices);
        expect(await stores.deviceTypes.all()).to.deep.equal(sampleLab.deviceTypes);
        expect(await stores.deviceTags.all()).to.deep.equal(new Map([[205, ['loan']]]));
        const { rejection, ...booking } = sampleLab.bookings[0] ?? {};
        expect(await stores.bookings.find(1030)).to.deep.equal(booking);
        expect(await stores.topologies.find(18)).to.deep.equal(sampleLab.topologies[0]);
        expect(await stores.invitations.take('d1')).to.deep.equal(sampleLab.invitations[0]);
      });
    });

    it('gives later bookings ids that no old row had', async () => {
      const { newHome, work } = subject();
      await newHome.fill(sampleLab);
      const slot = { start: NOON + 20, end: NOON + 30 };
      const wanted = { groupId: 'g2', deviceId: 205, ownerId: 41, slot, comment: '', createdAt: NOON };
      const [booking] = await work.run(({ bookings }) => bookings.add([{ ...wanted, status: 'PENDING' }], []));
      expect(booking?.id).to.be.greaterThan(2564);
      expect(await work.run(({ bookings }) => bookings.find(2564))).to.equal(null);
    });

    it('takes in nothing when there is something already, and says what', async () => {
      const { newHome, work } = subject();
      await work.run(({ sites }) => sites.add({ name: 'Annex' }, NOON));
      expect(await newHome.inTheWay()).to.deep.equal(['1 sites']);
      const { code, message } = await refusal(newHome.fill(sampleLab));
      expect(code).to.equal('move-in.not-empty');
      expect(message).to.include('1 sites');
      expect(await newHome.lastMove()).to.equal(null);
    });

    it('takes in everything or nothing', async () => {
      const { newHome, users } = subject();
      await newHome.fill({ ...sampleLab, audit: breakingOff(mark) }).then(
        () => expect.fail('it was cut off'),
        (error: unknown) => expect(String(error)).to.include('cut off'),
      );
      expect(await newHome.inTheWay()).to.deep.equal([]);
      expect(await newHome.lastMove()).to.equal(null);
      expect(await users.accountNamed('ada')).to.equal(null);
      await newHome.fill(sampleLab);
      expect(await newHome.inTheWay()).to.have.length(13);
    });
  });
};

import { expect } from 'chai';
import fc from 'fast-check';
import { movePdus } from '../../application/move-in/move-pdus.js';
import { moveInvitations, moveSettings } from '../../application/move-in/move-administration.js';
import { moveFavourites } from '../../application/move-in/move-favourites.js';
import { AesCredentialVault } from '../../adapters/crypto/aes-credential-vault.js';
import { readPduFile } from '../../adapters/legacy/read-pdu-file.js';
import {
  DomainError,
  HOUR,
  LabZone,
  thingOf,
  violationsIn,
  type Device,
  type HoldingStatus,
} from '../../domain/index.js';
import {
  moveBookings,
  moveCatalogues,
  moveDevices,
  moveHistory,
  MoveLog,
  movePeople,
  type OldBooking,
  type OldLab,
} from '../../application/move-in/rules/index.js';
import { bookingStatusOf } from '../../application/move-in/rules/old-booking-status.js';
import { agreedStatus, deviceStatusOf } from '../../application/move-in/rules/old-device-status.js';
import { localOf, oldSlotOf, writingOf } from '../../application/move-in/rules/old-times.js';
import { settleContention } from '../../application/move-in/rules/settle-contention.js';
import { emptyOldLab, oldBooking, oldDevice } from '../support/old-rows.js';

const zone = new LabZone('Europe/Dublin');
const now = Date.parse('2026-11-22T21:00:00Z');
const iso = (instant: number) => new Date(instant).toISOString();

describe('the times of an old lab', () => {
  it('are of the day grid when they begin at :01 around midnight and end at :59', () => {
    const grid = { start_time: '2027-06-10 23:01:00', end_time: '2027-06-11 22:59:00' };
    expect(writingOf(oldBooking(1, grid))).to.equal('day_grid_utc');
    expect(iso(oldSlotOf(oldBooking(1, grid), zone).start)).to.equal('2027-06-10T23:01:00.000Z');
    expect(writingOf(oldBooking(1, { ...grid, comment: 'Topology booking: ring' }))).to.equal('topology_local');
    expect(writingOf(oldBooking(1, { ...grid, end_time: '2027-06-11 21:59:00' }))).to.equal('other_local');
  });

  it('are an hour later where the clocks skip them, and the earlier where they are there twice', () => {
    expect(localOf('2027-03-28 01:30:00', zone)).to.deep.equal({
      instant: Date.parse('2027-03-28T01:30Z'),
      doubt: 'missing',
    });
    expect(localOf('2026-10-25 01:30:00', zone)).to.deep.equal({
      instant: Date.parse('2026-10-25T00:30Z'),
      doubt: 'ambiguous',
    });
    expect(localOf('2026-07-01 12:00:00', zone)).to.deep.equal({
      instant: Date.parse('2026-07-01T11:00Z'),
      doubt: 'none',
    });
  });
});

describe('the words of an old lab', () => {
  it('are read in any letter case, and what nobody knows waits for a person', () => {
    expect(bookingStatusOf('confirmed')).to.deep.equal({ status: 'CONFIRMED', known: true });
    expect(bookingStatusOf('DECLINED').status).to.equal('REJECTED');
    expect(bookingStatusOf('APPROVED').status).to.equal('CONFIRMED');
    for (const word of [null, '', 'IN PROGRESS', 'BANANA']) {
      expect(bookingStatusOf(word)).to.deep.equal({ status: 'PENDING', known: false });
    }
  });

  it('agree on the status of a device: what only the inventory can say, else the more careful word', () => {
    expect(agreedStatus(deviceStatusOf('Available'), deviceStatusOf('retired'))).to.equal('retired');
    expect(agreedStatus(deviceStatusOf('Offline'), deviceStatusOf('active'))).to.equal('unavailable');
    expect(agreedStatus(deviceStatusOf('Available '), deviceStatusOf('in_maintenance'))).to.equal('in_maintenance');
    expect(agreedStatus(null, deviceStatusOf('active'))).to.equal('active');
    expect(agreedStatus(deviceStatusOf('Banana'), null)).to.equal('unavailable');
  });
});

describe('contention among old bookings', () => {
  const claim = (
    bookingId: number,
    hours: readonly [number, number],
    status: HoldingStatus,
    groupId = `g${bookingId}`,
  ) => ({
    ...{ bookingId, groupId, status },
    slot: { start: hours[0] * HOUR, end: hours[1] * HOUR },
  });

  it('leaves the first confirmed, the second CONFLICTING, and has no room for a third', () => {
    const claims = [claim(3, [0, 2], 'CONFIRMED'), claim(1, [0, 2], 'CONFIRMED'), claim(2, [1, 3], 'CONFIRMED')];
    expect([...settleContention(claims, 2)].sort()).to.deep.equal([
      [1, 'CONFIRMED'],
      [2, 'CONFLICTING'],
      [3, null],
    ]);
  });

  it('leaves bookings alone that only touch, and calls PENDING what nobody contends for', () => {
    const claims = [claim(1, [0, 2], 'CONFIRMED'), claim(2, [2, 3], 'CONFIRMED'), claim(4, [3, 4], 'CONFLICTING')];
    expect([...settleContention(claims, 2).values()]).to.deep.equal(['CONFIRMED', 'CONFIRMED', 'PENDING']);
  });

  it('never breaks a rule of the calendar, whatever the old lab held', () => {
    const status = fc.constantFrom<HoldingStatus>('CONFIRMED', 'PENDING', 'CONFLICTING');
    const claims = fc.array(
      fc.record({ start: fc.nat(20), length: fc.integer({ min: 1, max: 8 }), status, group: fc.nat(9) }),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(claims, fc.integer({ min: 1, max: 3 }), (drawn, maxContenders) => {
        const made = drawn.map(({ start, length, status: word, group }, index) =>
          claim(index + 1, [start, start + length], word, `g${group}`),
        );
        const settled = settleContention(made, maxContenders);
        const bookings = made.flatMap(({ bookingId: id, groupId, slot }) => {
          const due = settled.get(id) ?? null;
          return due ? [{ id, groupId, slot, status: due, deviceId: 1, ownerId: 1, createdAt: 0 }] : [];
        });
        const things = [{ id: 1, rowIds: [1], type: 'ROADM', bookable: true, changedAt: 0 }];
        const census = { bookings, things, windows: [], requests: [], extensions: [], deletedIds: new Set<number>() };
        const policy = { maxContenders, maxDays: 31, horizonDays: 366 };
        expect(violationsIn(census, policy)).to.deep.equal([]);
      }),
    );
  });
});

describe('people of an old lab', () => {
  const person = (id: number, username: string, given: Partial<OldLab['user_table'][number]> = {}) => ({
    ...{ id, discord_id: null, username, email: null, password: 'a'.repeat(64), is_admin: 0 },
    ...given,
  });

  it('are told apart when their names or addresses differ in letter case only', () => {
    const log = new MoveLog();
    const rows = [person(1, 'Ada', { email: 'ada@x.ie' }), person(2, 'ada', { email: 'ADA@x.ie' })];
    const moved = movePeople({ user_table: rows, admin_roles: [] }, now, log).map(({ user }) => [
      user.username,
      user.email,
    ]);
    expect(moved).to.deep.equal([
      ['Ada', 'ada@x.ie'],
      ['ada 2', null],
    ]);
    expect(log.lines.map(({ rule }) => rule)).to.include.members(['user.renamed', 'user.address-taken']);
  });

  it('are administrators when either idea of it says so', () => {
    const role = (user_id: number, word: string) => ({
      ...{ id: user_id, user_id, role: word, status: 'active', approval_limits: 'no json' },
    });
    const rows = [person(1, 'a', { is_admin: 1 }), person(2, 'b', { is_admin: 1 }), person(3, 'c'), person(4, 'd')];
    const roles = [role(2, 'Viewer'), role(3, 'super admin'), role(4, 'Emperor'), role(9, 'Admin')];
    const log = new MoveLog();
    const moved = movePeople({ user_table: rows, admin_roles: roles }, now, log);
    expect(moved.map(({ user }) => user.role)).to.deep.equal(['Admin', 'Admin', 'Super Admin', 'User']);
    expect(log.totalsOf('admin_roles', 4)).to.deep.equal({ read: 4, taken: 0, merged: 3, refused: 1 });
  });

  it('keep bcrypt in all its spellings, and have anything else wrapped', () => {
    const hash = `$04$${'x'.repeat(53)}`;
    const rows = [
      person(1, 'a', { password: `$2y${hash}` }),
      person(2, 'b', { password: 'plain' }),
      person(3, 'c', { password: '' }),
      person(4, 'd', { password: 'é'.repeat(40) }),
    ];
    const moved = movePeople({ user_table: rows, admin_roles: [] }, now, new MoveLog());
    expect(moved.map(({ password }) => password)).to.deep.equal([
      { form: 'bcrypt', hash: `$2b${hash}` },
      { form: 'wrap', secret: 'plain' },
      { form: 'none' },
      { form: 'none' },
    ]);
  });
});

describe('bookings of an old lab', () => {
  const user = (id: number, username: string) => ({
    ...{ id, username, email: null, discordId: null, createdAt: now },
    ...({ role: 'User', status: 'active' } as const),
  });
  const thing = thingOf([1, 2].map((id) => ({ id, type: 'ROADM', name: 'R', status: 'active', schedulable: true })));
  const surroundings = {
    ...{ zone, now, users: [user(1, 'Ada'), user(2, 'bob')], windows: [], maxContendersOf: () => 2 },
    things: new Map([
      [1, thing],
      [2, thing],
    ]),
  };
  const move = (...rows: OldBooking[]) => {
    const log = new MoveLog();
    const { bookings } = moveBookings(rows, surroundings, log);
    return { bookings, log, rules: log.lines.map(({ row, rule }) => `${row} ${rule}`) };
  };

  it('are one where two ports of a device were booked in one group, with the stronger status', () => {
    const { bookings, rules } = move(
      oldBooking(5, { grouped_booking_id: 'g', status: 'PENDING' }),
      oldBooking(6, { grouped_booking_id: 'g', device_id: 2 }),
      oldBooking(7, { grouped_booking_id: 'g', device_id: 2, user_id: 2, is_collaborator: 1 }),
    );
    expect(bookings.map(({ id, status, collaboratorIds }) => [id, status, collaboratorIds])).to.deep.equal([
      [5, 'CONFIRMED', [2]],
    ]);
    expect(rules).to.include.members(['6 booking.double', '5 booking.double-status', '7 booking.copy-differs']);
  });

  it('are refused for people and devices that are not there, and when no JSON names collaborators', () => {
    const { bookings, rules } = move(
      oldBooking(5, { user_id: 9 }),
      oldBooking(6, { device_id: 9 }),
      oldBooking(7, { collaborators: '{broken', status: 'CANCELLED' }),
    );
    expect(bookings.map(({ id }) => id)).to.deep.equal([7]);
    expect(rules).to.include.members(['5 booking.nobody', '6 booking.no-device']);
  });

  it('are in groups that can be named: neither empty nor too long', () => {
    const { bookings } = move(
      oldBooking(5, { grouped_booking_id: '' }),
      oldBooking(6, {
        grouped_booking_id: 'x'.repeat(40),
        start_time: '2027-01-11 13:00:00',
        end_time: '2027-01-11 14:00:00',
      }),
    );
    expect(bookings.map(({ groupId }) => groupId)).to.deep.equal(['moved-in-5', 'moved-in-6']);
  });

  it('are never collaborated in by their owner', () => {
    const { bookings } = move(oldBooking(5, { collaborators: '["ADA", "Bob"]' }));
    expect(bookings[0]?.collaboratorIds).to.deep.equal([2]);
  });
});

describe('devices of an old lab', () => {
  const move = (given: Partial<OldLab>) => {
    const log = new MoveLog();
    const old = { ...emptyOldLab, ...given };
    return { log, ...moveDevices(old, moveCatalogues(old, log), zone, now, log) };
  };

  it('have a type made for them when only the scheduler knows them, and none that is there twice', () => {
    const { deviceTypes, devices } = move({
      device_table: [
        oldDevice(3, { deviceType: 'ROADM' }),
        oldDevice(4, { deviceType: ' roadm ' }),
        oldDevice(5, { deviceType: null }),
      ],
    });
    expect(deviceTypes.map(({ name }) => name)).to.deep.equal(['ROADM', 'Unknown']);
    expect(devices.map(({ status }) => status)).to.deep.equal(['unavailable', 'unavailable', 'unavailable']);
  });

  it('drop what is no address', () => {
    const { devices, log } = move({ device_table: [oldDevice(3, { ip_address: '10.20.1.999' })] });
    expect(devices[0]?.managementIp).to.equal(null);
    expect(log.lines.map(({ rule }) => rule)).to.include('device.no-address');
  });

  it('keep their history when they are gone', () => {
    const log = new MoveLog();
    const change = {
      ...{ id: 1, device_id: 77, action: 'exploded', field_name: null, old_value: null, new_value: null },
      ...{ changed_by_id: 5, notes: null, extra: 'null', created_at: '2026-01-01 00:00:00' },
    };
    const { changes } = moveHistory(
      { device_history: [change], device_ownership: [], maintenance_records: [] },
      ...([[], [], log] as const),
    );
    expect(changes[0]).to.include({ deviceName: 'device 77', action: 'updated', actorName: 'unknown' });
    expect(log.lines.map(({ rule }) => rule)).to.have.members(['history.gone', 'history.action']);
  });
});

describe('the rest of an old lab', () => {
  it('brings invitations that can still be accepted', () => {
    const row = { id: 1, email: 'x@x.ie', handle: null, role: 'viewer', invited_by: 1, token: 't', accepted_at: null };
    const rows = [
      { ...row, expires_at: '2026-11-23 00:00:00' },
      { ...row, id: 2, expires_at: '2026-11-22 20:59:59' },
      { ...row, id: 3, expires_at: '2026-11-23 00:00:00', accepted_at: '2026-11-01 00:00:00' },
      { ...row, id: 4, expires_at: '2026-11-23 00:00:00', role: 'Emperor' },
    ];
    const log = new MoveLog();
    const moved = moveInvitations(rows, now, (token) => `digest of ${token}`, log);
    expect(moved.map(({ id, tokenDigest, role }) => [id, tokenDigest, role])).to.deep.equal([
      ['moved-in-1', 'digest of t', 'Viewer'],
    ]);
    expect(log.totalsOf('admin_invitations', 4).refused).to.equal(3);
  });

  it('brings settings that make sense', () => {
    const row = { id: 1, key: 'max_days', value: '14', updated_at: '2026-01-01 00:00:00', updated_by: null };
    const log = new MoveLog();
    const moved = moveSettings([row, { ...row, id: 2, value: '"many"' }, { ...row, id: 3, key: 'theme' }], log);
    expect(moved.map(({ key, value }) => [key, value])).to.deep.equal([['booking.maxDays', 14]]);
  });

  it('has one favourite for each group of a user, the latest', () => {
    const row = { id: 1, user_id: 1, name: ' ', grouped_booking_id: 'g', device_snapshot: 'oops' };
    const rows = [
      { ...row, created_at: '2026-01-01 00:00:00', updated_at: '2026-01-01 00:00:00' },
      { ...row, id: 2, created_at: '2026-01-02 00:00:00', updated_at: '2026-01-02 00:00:00' },
    ];
    const ada = {
      ...{ id: 1, username: 'Ada', email: null, discordId: null, createdAt: now },
      ...({ role: 'User', status: 'active' } as const),
    };
    const moved = moveFavourites(rows, [ada], new Set(), () => null, new MoveLog());
    expect(moved.map(({ id, name, devices }) => [id, name, devices])).to.deep.equal([[2, '2026-01-02', []]]);
  });

  it('does not believe an outlet whose name and address are of two devices', () => {
    const device = (id: number, name: string, managementIp: string | null) =>
      ({ id, typeId: 1, name, managementIp }) as Device;
    const devices = [device(1, 'Server 1', '10.0.0.1'), device(2, 'Server 2', null), device(3, 'server 2', null)];
    const log = new MoveLog();
    const outlets = [
      { outlet_idx: 1, device_name: 'Server 2', device_ip: '10.0.0.1' },
      { outlet_idx: 2, device_ip: '10.0.0.1' },
      { outlet_idx: 3, device_name: 'SERVER 2', mode: 'sometimes' },
      { outlet_idx: 4, device_ip: '10.0.0.9' },
      { outlet_idx: 'five' },
    ];
    const pdu = { name: 'P', host: '10.1.1.1', user: 'admin', passwd: 'short', outlets };
    const moved = movePdus([pdu, { ...pdu, name: 'p' }, {}], devices, new AesCredentialVault(null, {}), now, log);
    expect(moved.outlets.map(({ number, deviceId, label, mode }) => [number, deviceId, label, mode])).to.deep.equal([
      [1, null, 'Server 2', null],
      [2, 1, null, null],
      [3, 2, null, null],
      [4, null, '10.0.0.9', null],
    ]);
    expect(moved.pdus.map(({ credentials }) => credentials)).to.deep.equal(['default']);
    expect(moved.pduTotals).to.deep.equal({ read: 3, taken: 1, merged: 0, refused: 2 });
    expect(moved.outletTotals).to.deep.equal({ read: 10, taken: 4, merged: 0, refused: 6 });
  });

  it('refuses a file of PDUs that is none, without quoting it', () => {
    for (const text of ['pdus: {passwd: s3cret', 'pdus: 5', 'pdus: [1]', '']) {
      expect(() => readPduFile(text)).to.throw(DomainError, /no YAML with a list of pdus/);
    }
  });

  it('has one fate for every row, or does not move', () => {
    const log = new MoveLog();
    log.take('tags', 1);
    expect(() => log.take('tags', 1)).to.throw(RangeError, 'two fates');
    expect(() => log.totalsOf('tags', 2)).to.throw(RangeError, '2 rows, and 1 with a fate');
  });
});

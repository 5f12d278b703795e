import { expect } from 'chai';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import { MemoryNewHome } from '../../adapters/memory/new-home.js';
import { AesCredentialVault } from '../../adapters/crypto/aes-credential-vault.js';
import { sha256Digest } from '../../adapters/crypto/sha256-digest.js';
import { MoveIn, type MoveReport, type OldHome } from '../../application/move-in/index.js';
import { defaultBookingPolicy, LabZone, overlaps } from '../../domain/index.js';
import type { MoveLine } from '../../application/move-in/rules/index.js';
import { moveInJson, moveInText } from '../../composition/move-in-report.js';
import { refusal } from '../contracts/refusal.js';
import { legacyCounts, legacyLab } from '../support/legacy-lab.js';
import { ManualClock } from '../support/manual-clock.js';
import { emptyOldLab } from '../support/old-rows.js';
import { AS_OF, oldHome } from '../support/moving-in.js';
import { RecordingHasher } from '../support/recording-hasher.js';

const counts = legacyCounts();

const moving = (lab = new MemoryLab(), key: string | null = null) => ({
  lab,
  moveIn: new MoveIn(
    new MemoryNewHome(lab),
    new RecordingHasher(),
    new AesCredentialVault(key, {}),
    sha256Digest,
    new ManualClock(AS_OF),
    { zone: new LabZone('Europe/Dublin'), policy: defaultBookingPolicy },
  ),
});

const rowsIn = (lab: MemoryLab): number =>
  Object.values(lab.tables as unknown as Record<string, Map<unknown, unknown>>).reduce(
    (sum, { size }) => sum + size,
    0,
  );

/** Nothing but its people. */
const smallHome: OldHome = {
  lab: { ...emptyOldLab, user_table: legacyLab().user_table.slice(0, 2) },
  pdus: [],
};

describe('moving in', () => {
  let lab: MemoryLab;
  let report: MoveReport;
  before(async () => {
    const made = moving();
    ({ lab } = made);
    report = await made.moveIn.execute(oldHome());
  });

  const linesOf = (rule: string): readonly MoveLine[] => report.lines.filter((line) => line.rule === rule);
  const rowsOf = (rule: string): number[] =>
    linesOf(rule)
      .map(({ row }) => Number(row))
      .sort((a, b) => a - b);

  it('has totals that add up, for every table', () => {
    for (const [table, read] of Object.entries(counts.tables)) {
      const totals = report.totals[table as keyof MoveReport['totals']];
      expect(totals.read, table).to.equal(read);
      expect(totals.taken + totals.merged + totals.refused, table).to.equal(read);
    }
    expect(report.totals.pdus.read).to.equal(counts.pdus.pdus);
    expect(report.totals.outlets.read).to.equal(counts.pdus.outlet_entries);
  });

  it('has as many rows in the new lab as were taken', () => {
    const { tables } = lab;
    expect(tables.users.size).to.equal(report.totals.user_table.taken);
    expect(tables.bookings.size).to.equal(report.totals.booking_table.taken);
    expect(tables.devices.size).to.equal(report.totals.devices.taken + report.totals.device_table.taken);
    expect(tables.favourites.size).to.equal(report.totals.booking_favorite.taken);
    expect(tables.topologies.size).to.equal(report.totals.topology_table.taken);
    expect(tables.attachments.size).to.equal(report.totals.device_attachments.taken);
    expect(tables.powerOutlets.size).to.equal(report.totals.outlets.taken);
    expect(tables.audit.size).to.equal(report.totals.admin_audit_log.taken + 1);
  });

  it('gives a reason for every row that was merged or refused', () => {
    for (const [source, totals] of Object.entries(report.totals)) {
      const fates = report.lines.filter((line) => line.source === source);
      if (source === 'pdus' || source === 'outlets') continue;
      expect(fates.filter(({ verdict }) => verdict === 'merged').length, source).to.equal(totals.merged);
      expect(fates.filter(({ verdict }) => verdict === 'refused').length, source).to.equal(totals.refused);
    }
    for (const { detail } of report.lines) expect(detail).to.match(/\S/);
  });

  for (const [dirt, rule] of [
    ['end_before_start', 'booking.end-before-start'],
    ['zero_length', 'booking.zero-length'],
    ['absurd_length_300_years', 'booking.absurd-length'],
    ['empty_group_id', 'booking.no-group'],
    ['orphan_collaborator_copies', 'booking.orphan'],
    ['patch_list_duplicates_same_group', 'booking.double'],
    ['rows_on_a_further_port_row', 'booking.further-port'],
    ['day_rows_shifted_by_a_clock_change', 'booking.day-shifted'],
    ['local_time_ambiguous', 'booking.time-ambiguous'],
    ['local_time_missing', 'booking.time-missing'],
  ] as const) {
    it(`reports exactly the bookings with ${dirt.replaceAll('_', ' ')}`, () => {
      expect(rowsOf(rule)).to.deep.equal(counts.booking_dirt[dirt]);
    });
  }

  it('reports every status that it reads differently', () => {
    const { status_null: none, status_lower_case: lower, status_unknown_word: unknown } = counts.booking_dirt;
    const declined = legacyLab()
      .booking_table.filter((row) => row.is_collaborator === 0 && row.status === 'DECLINED')
      .map((row) => row.booking_id);
    const reported = new Set([...rowsOf('booking.status-word'), ...rowsOf('booking.status-unknown')]);
    expect([...reported].sort((a, b) => a - b)).to.deep.equal(
      [...none, ...lower, ...unknown, ...declined].sort((a, b) => a - b),
    );
  });

  it('collapses all copies but the orphans, and says where copy and owner differed', () => {
    const { merged, refused } = report.totals.booking_table;
    const { collaborator_copies: copies } = counts.bookings;
    expect(merged).to.equal(copies - 4 + counts.booking_dirt.patch_list_duplicates_same_group.length);
    expect(refused).to.equal(4 + 3);
    expect(linesOf('booking.copy-differs')).to.have.length(counts.booking_dirt.copies_whose_status_differs_from_owner);
  });

  it('lists every overlap of the old data, and leaves no two of them confirmed', () => {
    const confirmed = report.overlaps.filter(({ bothConfirmed }) => bothConfirmed);
    const known = counts.overlaps.confirmed_pairs_real_instants_same_type_and_name;
    const rivals = (kind: string) => confirmed.filter(({ rivalry }) => rivalry === kind).length;
    expect(confirmed).to.have.length(known.pairs);
    for (const kind of ['same group', 'same user, two groups', 'two users']) expect(rivals(kind)).to.equal(known[kind]);
    for (const { after } of report.overlaps) expect(after).not.to.deep.equal(['CONFIRMED', 'CONFIRMED']);
    for (const { rivalry, after } of confirmed) {
      if (rivalry !== 'same group') expect(after).to.include.oneOf(['CONFLICTING', 'REJECTED']);
    }
  });

  it('confirms nothing twice on one thing, whichever of its rows was booked', () => {
    const confirmed = [...lab.tables.bookings.values()].filter(({ status }) => status === 'CONFIRMED');
    for (const a of confirmed) {
      for (const b of confirmed) {
        if (a.id < b.id && a.deviceId === b.deviceId)
          expect(overlaps(a.slot, b.slot), `${a.id} and ${b.id}`).to.be.false;
      }
    }
  });

  it('splits the group of two owners, and keeps all other groups', () => {
    const groups = new Map([...lab.tables.bookings.values()].map(({ id, groupId }) => [id, groupId]));
    const [shared] = counts.booking_dirt.group_with_two_owners;
    expect(groups.get(1825)).to.equal(shared);
    expect(groups.get(1903)).to.equal('moved-in-1903');
    for (const row of legacyLab().booking_table) {
      if (!groups.has(row.booking_id) || row.grouped_booking_id === '' || row.booking_id === 1903) continue;
      expect(groups.get(row.booking_id)).to.equal(row.grouped_booking_id);
    }
  });

  it('keeps the collaborators of a booking in one place, named or copied', () => {
    expect(lab.tables.bookings.get(1952)?.collaboratorIds).to.deep.equal([8, 13, 19]);
    expect(rowsOf('booking.unknown-collaborator')).to.deep.equal([962, 1214, 2527, 2529]);
  });

  it('reports every difference between the two tables of devices', () => {
    const { devices } = counts;
    expect(rowsOf('device.name')).to.deep.equal(devices.name_differs_between_tables);
    expect(rowsOf('device.address')).to.deep.equal(devices.ip_differs_between_tables);
    expect(rowsOf('device.type-text')).to.deep.equal(devices.device_type_text_null_or_untidy);
    expect(rowsOf('device.polatis-name')).to.have.members(devices.polatis_name_untidy);
    expect(rowsOf('device.only-scheduled')).to.deep.equal(devices.only_in_device_table);
    expect(rowsOf('device.never-scheduled')).to.deep.equal(devices.only_in_devices);
    expect(rowsOf('device.one-table')).to.have.length(devices.in_both_tables);
    expect(rowsOf('device.shared-port')).to.deep.equal(devices.duplicate_port_pair_rows.map(([, id]) => id));
    const statuses = new Set([...rowsOf('device.status'), ...rowsOf('device.status-untidy')]);
    for (const id of devices.status_disagrees_after_mapping) expect(statuses).to.include(id);
  });

  it('makes a window of every maintenance text that says one, and reports the others by their kind', () => {
    const texts = counts.maintenance_text_device_table;
    const windows = [...lab.tables.maintenance.values()].map(({ deviceId }) => deviceId);
    expect(windows).to.have.members([texts.well_formed, texts.whitespace].flat());
    for (const [kind, ids] of Object.entries(texts)) {
      if (kind === 'well_formed') expect(rowsOf('maintenance.window')).to.deep.equal(ids);
      else if (Array.isArray(ids) && kind !== 'empty_string') expect(rowsOf(`maintenance.${kind}`)).to.deep.equal(ids);
    }
  });

  it('maps roles: what the administrators are, who approves, and who is disabled', () => {
    const roles = new Map([...lab.tables.users.values()].map(({ user }) => [user.username, user]));
    const roleOf = (name: string) => roles.get(name)?.role;
    expect(['admin', 'labtech', 'marta.k', 'alice', 'bob', 'farah'].map(roleOf)).to.deep.equal([
      ...['Super Admin', 'Super Admin', 'Admin', 'Approver', 'Viewer', 'User'],
    ]);
    const disabled = [...roles.values()].filter(({ status }) => status === 'disabled');
    expect(disabled.map(({ username }) => username)).to.deep.equal(['guest 1']);
    expect(lab.tables.profiles.get(4)?.approvalLimits).to.deep.equal({ maxDays: 5, maxDeviceHours: null });
  });

  it('finds nothing amiss in what it counts of favourites, drawings, tags and records', () => {
    const { other } = counts;
    expect(linesOf('favourite.unknown-group')).to.have.length(other.favourites_with_unknown_group);
    expect(linesOf('favourite.unknown-device')).to.have.length(other.favourites_with_unknown_device);
    expect(linesOf('topology.empty')).to.have.length(other.topologies_empty);
    expect(linesOf('topology.edge-to-nothing')).to.have.length(other.topologies_with_edge_to_missing_node);
    expect(linesOf('topology.plain-nodes')).to.have.length(other.topologies_with_plain_node_shape);
    expect(linesOf('user.disabled')).to.have.length(other.disabled_admin_roles);
    expect(linesOf('maintenance.no-device')).to.have.length(other.maintenance_records_without_device);
    expect(linesOf('tag.twice').length).to.be.at.least(other.duplicate_device_tags);
  });

  it('maps outlets, and reports what the file of the PDUs gets wrong', () => {
    const { pdus } = counts;
    expect(linesOf('outlet.unknown-device')).to.have.length(pdus.device_name_not_in_inventory);
    expect(linesOf('outlet.twice')).to.have.length(pdus.duplicate_outlet_number);
    expect(linesOf('outlet.bare-boolean')).to.have.length(pdus.bare_yaml_boolean_status);
    expect(linesOf('pdu.no-external-id')).to.have.length(pdus.without_external_id);
    expect(linesOf('pdu.not-connected')).to.have.length(pdus.not_connected);
    expect(lab.tables.powerOutlets.get('1/1')).to.include({ deviceId: 151, mode: 'on_demand' });
    expect(lab.tables.powerOutlets.get('1/4')).to.include({ deviceId: null, label: 'Old storage box' });
  });

  it('seals the passwords of PDUs with a key, and leaves them to the environment without one', async () => {
    expect([...lab.tables.pdus.values()][0]?.credentials).to.equal('env:PDU_PDU1');
    const sealed = moving(new MemoryLab(), 'a key of thirty-two characters!!');
    await sealed.moveIn.execute(oldHome());
    const [pdu] = sealed.lab.tables.pdus.values();
    const opened = new AesCredentialVault('a key of thirty-two characters!!', {}).open(pdu?.credentials ?? '');
    expect(opened).to.include({ version: '3', user: 'admin', authKey: 'change-me-1' });
  });

  it('tells no secret, neither people nor programs', () => {
    const told = moveInText(report, true) + moveInJson(report);
    const secrets = [
      ...legacyLab().user_table.map(({ password }) => password),
      ...legacyLab().admin_invitations.map(({ token }) => token),
      'change-me',
    ];
    for (const secret of secrets) expect(told).not.to.include(secret);
  });

  it('begins its report with a summary, and ends it with every line when all are asked for', () => {
    const [heading, sums, overlapping] = moveInText(report, false).split('\n');
    expect(heading).to.equal('The old lab moved in. (2026-11-22T21:00:00.000Z)');
    expect(sums).to.match(/^\d+ changes, \d+ rows merged, 16 rows refused, \d+ remarks\.$/);
    expect(overlapping).to.match(/^\d+ overlaps of bookings; both were confirmed in 31\.$/);
    const all = moveInText(report, true);
    for (const { detail } of report.lines) expect(all).to.include(detail);
    expect(JSON.parse(moveInJson(report)).totals).to.deep.equal(report.totals);
  });

  it('writes nothing when it is only asked, and tells the same', async () => {
    const asked = moving();
    const told = await asked.moveIn.execute(oldHome(), true);
    expect(rowsIn(asked.lab)).to.equal(0);
    expect(told).to.deep.equal({ ...report, outcome: 'would-move' });
  });

  it('does nothing the second time', async () => {
    const { lab: home, moveIn } = moving();
    await moveIn.execute(smallHome);
    const rows = rowsIn(home);
    const again = await moveIn.execute(smallHome);
    expect(again.outcome).to.equal('moved-before');
    expect(rowsIn(home)).to.equal(rows);
  });

  it('refuses an old lab that was changed since it moved', async () => {
    const { moveIn } = moving();
    await moveIn.execute(smallHome);
    const changed: OldHome = { ...smallHome, pdus: oldHome().pdus };
    expect((await refusal(moveIn.execute(changed))).code).to.equal('move-in.changed-since');
    expect((await moveIn.execute(changed, true)).hindrances.join()).to.include('changed since');
  });

  it('refuses a lab that holds something already, and says so beforehand', async () => {
    const { lab: home, moveIn } = moving();
    await home.run(({ sites }) => sites.add({ name: 'Annex' }, AS_OF));
    expect((await moveIn.execute(smallHome, true)).hindrances.join()).to.include('1 sites');
    expect((await refusal(moveIn.execute(smallHome))).code).to.equal('move-in.not-empty');
  });
});

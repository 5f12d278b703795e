import { groupBy, type Instant, type LabZone, nameKey } from '../../../domain/index.js';
import { samePort } from './move-devices.js';
import { bcryptCostOf, passwordFormOf } from './move-people.js';
import { oddityOf } from './move-drawings.js';
import { oldConfirmed, oldHolds } from './old-booking-status.js';
import { deviceStatusOf, SCHEDULER_WORDS } from './old-device-status.js';
import { listIn, textsIn } from './old-json.js';
import { OLD_TABLES, type OldBooking, type OldLab, type OldSchedulerDevice } from './old-lab.js';
import { MAINTENANCE_KINDS, maintenanceKindOf, maintenanceSlotOf } from './old-maintenance.js';
import { isShiftedDay, oldSlotOf, utcOf, type OldSlot } from './old-times.js';
import { overlappingRows, rivalryOf } from './overlaps.js';

/** A figure, or the identifiers of the rows that make it. */
export type Figure = number | readonly Figure[] | string | { readonly [name: string]: Figure };

export type Figures = Readonly<Record<string, Figure>>;

const countBy = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Record<string, number> =>
  Object.fromEntries([...groupBy(rows, keyOf)].map(([key, there]) => [key, there.length]));

/** What an old lab holds, oddities included, in figures that people can compare with what they know of it. */
export const surveyOldLab = (old: OldLab, zone: LabZone, asOf: Instant): Readonly<Record<string, Figures>> => ({
  tables: Object.fromEntries(OLD_TABLES.map((table) => [table, old[table].length])),
  devices: devicesIn(old),
  maintenance_text_device_table: maintenanceIn(old, zone),
  users: usersIn(old),
  bookings: bookingsIn(old, zone, asOf),
  overlaps: overlapsIn(old, zone),
  booking_dirt: dirtIn(old, zone, asOf),
  other: othersIn(old),
});

const idsOf = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id);

/** What the scheduler would have shown for a word of either vocabulary. */
const shownStatus = (word: string | null): string | null => {
  const status = deviceStatusOf(word);
  if (status === null) return null;
  if (status === 'active' || status === 'spare') return 'Available';
  return status === 'in_maintenance' ? 'Maintenance' : 'Unavailable';
};

const typeNamesOf = (old: OldLab): ReadonlyMap<number, string> =>
  new Map(old.device_types.map(({ id, name }) => [id, name]));

/** Type and name of a scheduler's row; the inventory knows the type better. */
const thingKeyOf = (old: OldLab): ((row: OldSchedulerDevice) => string) => {
  const [types, assets] = [typeNamesOf(old), new Map(old.devices.map((row) => [row.id, row]))];
  return ({ id, deviceType, deviceName }) =>
    `${nameKey(types.get(assets.get(id)?.device_type_id ?? 0) ?? deviceType ?? '')}/${nameKey(deviceName ?? '')}`;
};

const duplicatesBy = <Row extends { readonly id: number }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | null,
): number[][] =>
  [...groupBy(rows, keyOf)].filter(([key, there]) => key !== null && there.length > 1).map(([, there]) => idsOf(there));

const devicesIn = (old: OldLab): Figures => {
  const assets = new Map(old.devices.map((row) => [row.id, row]));
  const both = old.device_table.filter(({ id }) => assets.has(id));
  const types = typeNamesOf(old);
  const things = groupBy(both, thingKeyOf(old));
  const words = (status: string | null) => status ?? 'None';
  const untidyLabels = both.filter(({ id, polatis_name: label }) => label !== (assets.get(id)?.polatis_name ?? null));
  const disagrees = ({ id, status }: OldSchedulerDevice) =>
    status !== null && SCHEDULER_WORDS.includes(status) ? status !== shownStatus(assets.get(id)?.status ?? null) : true;
  return {
    in_both_tables: both.length,
    only_in_device_table: idsOf(old.device_table.filter(({ id }) => !assets.has(id))),
    only_in_devices: idsOf(old.devices.filter(({ id }) => both.every((row) => row.id !== id))),
    distinct_type_name_pairs: things.size,
    rows_that_are_further_ports: both.length - things.size,
    multi_port_devices: [...things.values()].filter((rows) => rows.length > 1).length,
    device_table_by_status: countBy(old.device_table, ({ status }) => words(status)),
    devices_by_status: countBy(old.devices, ({ status }) => words(status)),
    name_differs_between_tables: idsOf(both.filter((row) => row.deviceName !== assets.get(row.id)?.name)),
    ip_differs_between_tables: idsOf(both.filter((row) => row.ip_address !== assets.get(row.id)?.mgmt_ip)),
    device_type_text_null_or_untidy: idsOf(
      both.filter((row) => row.deviceType !== types.get(assets.get(row.id)?.device_type_id ?? 0)),
    ),
    status_null: idsOf(old.device_table.filter(({ status }) => status === null)),
    status_outside_scheduler_vocabulary: idsOf(
      old.device_table.filter(({ status }) => status !== null && !SCHEDULER_WORDS.includes(status)),
    ),
    status_disagrees_after_mapping: idsOf(both.filter(disagrees)),
    polatis_name_untidy: idsOf(untidyLabels),
    duplicate_port_pair_rows: duplicatesBy(
      old.device_table.filter(({ In_Port: into, Out_Port: out }) => into > 0 || out > 0),
      samePort,
    ),
    duplicate_polatis_name_rows: duplicatesBy(old.device_table, ({ polatis_name: label }) => label),
    oi_id_null: old.devices.filter(({ oi_id: id }) => id === null).length,
    serial_null: old.devices.filter(({ serial_number: serial }) => serial === null).length,
  };
};

const maintenanceIn = ({ device_table: rows }: OldLab, zone: LabZone): Figures => {
  const kinds = groupBy(rows, (row) => maintenanceKindOf(row, zone));
  return {
    rows_with_any_text: rows.length - (kinds.get(null)?.length ?? 0),
    ...Object.fromEntries(MAINTENANCE_KINDS.map((kind) => [kind, idsOf(kinds.get(kind) ?? [])])),
  };
};

const usersIn = ({ user_table: rows }: OldLab): Figures => ({
  total: rows.length,
  admins: rows.filter(({ is_admin: flag }) => flag === 1).length,
  email_null: rows.filter(({ email }) => email === null).length,
  by_password_form: countBy(rows, ({ password }) => passwordFormOf(password)),
  bcrypt_costs: countBy(
    rows.filter(({ password }) => bcryptCostOf(password) !== null),
    ({ password }) => String(bcryptCostOf(password)),
  ),
  non_ascii_usernames: rows.filter(({ username }) => /[^\x20-\x7e]/.test(username)).length,
});

const ownersIn = ({ booking_table: rows }: OldLab): OldBooking[] =>
  rows.filter(({ is_collaborator: copy }) => copy !== 1);

const copiesIn = ({ booking_table: rows }: OldLab): OldBooking[] =>
  rows.filter(({ is_collaborator: copy }) => copy === 1);

const namesColumn = ({ collaborators }: OldBooking): string => {
  if (collaborators === null) return 'sql_null';
  const names = listIn(collaborators);
  if (names === null) return 'json_null';
  return names.length === 0 ? 'empty_list' : 'names';
};

const bookingsIn = (old: OldLab, zone: LabZone, asOf: Instant): Figures => {
  const [owners, copies] = [ownersIn(old), copiesIn(old)];
  const words = ({ status }: OldBooking) => status ?? 'NULL';
  const groups = new Set(old.booking_table.map((row) => row.grouped_booking_id).filter((group) => group !== ''));
  return {
    rows: old.booking_table.length,
    owner_rows: owners.length,
    collaborator_copies: copies.length,
    distinct_non_empty_group_ids: groups.size,
    owner_rows_by_status: countBy(owners, words),
    copy_rows_by_status: countBy(copies, words),
    owner_rows_by_writing: countBy(owners, (row) => oldSlotOf(row, zone).writing),
    owner_rows_ending_after_as_of: owners.filter((row) => oldSlotOf(row, zone).end > asOf).length,
    collaborators_column_of_owner_rows: countBy(owners, namesColumn),
  };
};

const CENTURY = 100 * 366 * 24 * 3_600_000;

const isAbsurd = ({ start, end }: Pick<OldSlot, 'start' | 'end'>): boolean => end - start > CENTURY;

const placed = (rows: readonly OldBooking[], slotOf: (row: OldBooking) => Pick<OldSlot, 'start' | 'end'>) =>
  rows.map((row) => ({ row, slot: slotOf(row) })).filter(({ slot }) => slot.end > slot.start && !isAbsurd(slot));

type Pairs = ReturnType<typeof overlappingRows>;

const rivalriesIn = (pairs: Pairs): Figure => ({
  pairs: pairs.length,
  ...countBy(pairs, ([a, b]) => rivalryOf(a.row, b.row)),
});

const pairIds = (pairs: Pairs): [number, number][] =>
  pairs
    .map(([a, b]) => [a.row.booking_id, b.row.booking_id].sort((x, y) => x - y) as [number, number])
    .sort(([a], [b]) => a - b);

const overlapsIn = (old: OldLab, zone: LabZone): Figures => {
  const owners = ownersIn(old);
  const confirmed = owners.filter(({ status }) => oldConfirmed(status));
  const stored = (row: OldBooking) => ({ start: utcOf(row.start_time), end: utcOf(row.end_time) });
  const real = (row: OldBooking) => oldSlotOf(row, zone);
  const row = (booking: OldBooking) => booking.device_id;
  const keyOf = thingKeyOf(old);
  const keys = new Map(old.device_table.map((device) => [device.id, keyOf(device)]));
  const thing = (booking: OldBooking) => keys.get(booking.device_id) ?? null;
  const [byStored, byReal] = [
    overlappingRows(placed(confirmed, stored), row),
    overlappingRows(placed(confirmed, real), row),
  ];
  const without = (pairs: Pairs, others: Pairs) => {
    const known = new Set(pairIds(others).map(String));
    return pairIds(pairs).filter((pair) => !known.has(String(pair)));
  };
  const active = owners.filter(({ status }) => oldHolds(status));
  return {
    confirmed_pairs_stored_values_same_device_id: rivalriesIn(byStored),
    confirmed_pairs_real_instants_same_device_id: rivalriesIn(byReal),
    confirmed_pairs_real_instants_same_type_and_name: rivalriesIn(overlappingRows(placed(confirmed, real), thing)),
    pairs_only_in_stored_values: without(byStored, byReal),
    pairs_only_in_real_instants: without(byReal, byStored),
    active_pairs_stored_values_same_device_id: rivalriesIn(overlappingRows(placed(active, stored), row)),
    conflicting_owner_rows: owners.filter(({ status }) => status?.toUpperCase() === 'CONFLICTING').length,
  };
};

const OWN_WORDS = ['PENDING', 'CONFLICTING', 'CONFIRMED', 'REJECTED', 'DECLINED', 'CANCELLED', 'EXPIRED'];

const slotText = (row: OldBooking): string =>
  [row.grouped_booking_id, row.device_id, row.start_time, row.end_time].join('|');

const bookingIds = (rows: readonly OldBooking[]): number[] => rows.map(({ booking_id: id }) => id);

const later = <Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] =>
  [...groupBy(rows, keyOf).values()].flatMap((there) => there.slice(1));

const dirtIn = (old: OldLab, zone: LabZone, asOf: Instant): Figures => {
  const [owners, copies] = [ownersIn(old), copiesIn(old)];
  const slots = new Map(owners.map((row) => [row.booking_id, oldSlotOf(row, zone)]));
  const where = (fits: (row: OldBooking, slot: OldSlot) => boolean) =>
    bookingIds(owners.filter((row) => fits(row, slots.get(row.booking_id) ?? oldSlotOf(row, zone))));
  const bySlot = new Map(owners.map((row) => [slotText(row), row]));
  const named = owners.filter((row) => row.grouped_booking_id !== '');
  const groupsWhere = (fits: (row: OldBooking) => boolean) =>
    [...new Set(named.filter(fits).map((row) => row.grouped_booking_id))].sort();
  const users = new Map(old.user_table.map(({ username }) => [nameKey(username), username]));
  const scheduled = new Map(old.device_table.map((row) => [row.id, row]));
  const assets = new Map(old.devices.map((row) => [row.id, row]));
  const keyOf = thingKeyOf(old);
  const leads = new Map([...groupBy(old.device_table, keyOf)].map(([key, rows]) => [key, rows[0]?.id]));
  const isFurther = (id: number) => {
    const row = scheduled.get(id);
    return row !== undefined && leads.get(keyOf(row)) !== id;
  };
  const open = (row: OldBooking, slot: OldSlot) => oldHolds(row.status) && slot.end > asOf && !isAbsurd(slot);
  const submitted = (row: OldBooking) =>
    [row.user_id, row.device_id, row.start_time, row.end_time, row.comment].join('|');
  const doubled = later(named, slotText);
  const windows = new Map(
    old.device_table.flatMap((row) => {
      const slot = maintenanceKindOf(row, zone) === 'well_formed' ? maintenanceSlotOf(row, zone) : null;
      const days = slot && { start: zone.startOfDay(slot.start), end: zone.startOfDay(slot.end - 1) + 24 * 3_600_000 };
      return days ? [[row.id, days] as const] : [];
    }),
  );
  return {
    end_before_start: where((_, slot) => slot.end < slot.start),
    zero_length: where((_, slot) => slot.end === slot.start),
    absurd_length_300_years: where((_, slot) => isAbsurd(slot)),
    status_null: where(({ status }) => status === null),
    status_lower_case: where(({ status }) => status !== null && status !== status.toUpperCase()),
    status_unknown_word: where(({ status }) => status !== null && !OWN_WORDS.includes(status.toUpperCase())),
    empty_group_id: where((row) => row.grouped_booking_id === ''),
    group_with_two_owners: [...groupBy(named, (row) => row.grouped_booking_id)]
      .filter(([, rows]) => new Set(rows.map((row) => row.user_id)).size > 1)
      .map(([group]) => group),
    orphan_collaborator_copies: bookingIds(copies.filter((row) => !bySlot.has(slotText(row)))),
    copies_whose_status_differs_from_owner: copies.filter((row) => {
      const owner = bySlot.get(slotText(row));
      return owner !== undefined && owner.status !== row.status;
    }).length,
    groups_naming_an_unknown_collaborator: groupsWhere((row) =>
      textsIn(row.collaborators).some((name) => !users.has(nameKey(name))),
    ),
    groups_with_collaborator_name_in_other_case: groupsWhere((row) =>
      textsIn(row.collaborators).some((name) => users.has(nameKey(name)) && users.get(nameKey(name)) !== name),
    ),
    double_submits_same_user: bookingIds(later(owners, submitted).filter((row) => !doubled.includes(row))),
    patch_list_duplicates_same_group: bookingIds(doubled),
    rows_on_a_further_port_row: where((row) => isFurther(row.device_id)),
    rows_on_phantom_devices: where((row) => !assets.has(row.device_id)),
    rows_open_on_retired_or_planned_devices: where(
      (row, slot) => open(row, slot) && shownStatus(assets.get(row.device_id)?.status ?? null) === 'Unavailable',
    ),
    open_rows_touching_well_formed_maintenance_whole_local_days: where((row, slot) => {
      const window = windows.get(row.device_id);
      return window !== undefined && open(row, slot) && slot.start < window.end && window.start < slot.end;
    }),
    day_rows_shifted_by_a_clock_change: where((_, slot) => isShiftedDay(slot, zone) && !isAbsurd(slot)),
    local_time_ambiguous: where((_, slot) => slot.doubt === 'ambiguous'),
    local_time_missing: where((_, slot) => slot.doubt === 'missing'),
  };
};

const othersIn = (old: OldLab): Figures => {
  const groups = new Set(old.booking_table.map((row) => row.grouped_booking_id));
  const devices = new Set([...idsOf(old.devices), ...idsOf(old.device_table)]);
  const drawn = old.topology_table.map(oddityOf);
  const snapshots = old.booking_favorite.map((row) => (listIn(row.device_snapshot) ?? []) as { device_id?: number }[]);
  return {
    favourites_with_unknown_group: old.booking_favorite.filter((row) => !groups.has(row.grouped_booking_id)).length,
    favourites_with_unknown_device: snapshots.filter((rows) => rows.some((row) => !devices.has(row.device_id ?? 0)))
      .length,
    topologies_with_edge_to_missing_node: drawn.filter((oddities) => oddities.includes('edge-to-nothing')).length,
    topologies_empty: drawn.filter((oddities) => oddities.includes('empty')).length,
    topologies_with_plain_node_shape: drawn.filter((oddities) => oddities.includes('plain-nodes')).length,
    duplicate_device_tags: later(old.device_tags, (row) => `${row.device_id}/${row.tag}`).length,
    disabled_admin_roles: old.admin_roles.filter(({ status }) => status !== 'active').length,
    maintenance_records_without_device: old.maintenance_records.filter(({ item_id: id }) => !devices.has(id)).length,
  };
};

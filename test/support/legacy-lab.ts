import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OldLab } from '../../application/move-in/rules/index.js';
import { packageRoot } from '../../composition/package-root.js';
import { rowsOfDump } from './old-dump.js';

export const legacyFile = (name: string): string => path.join(packageRoot, 'test', 'data', 'legacy', name);

let kept: OldLab | undefined;

/** The example of an old lab with every oddity, as its dump has it. */
export const legacyLab = (): OldLab => (kept ??= rowsOfDump(legacyFile('lab.sql')) as unknown as OldLab);

type Pairs = Readonly<Record<string, number>> & { readonly pairs: number };

/** What is known of the example: figures, and identifiers of rows. */
export interface LegacyCounts extends Readonly<Record<string, unknown>> {
  readonly as_of_utc: string;
  readonly tables: Readonly<Record<string, number>>;
  readonly devices: {
    readonly in_both_tables: number;
    readonly duplicate_port_pair_rows: readonly (readonly [number, number])[];
  } & Readonly<
    Record<
      | 'name_differs_between_tables'
      | 'ip_differs_between_tables'
      | 'device_type_text_null_or_untidy'
      | 'polatis_name_untidy'
      | 'only_in_device_table'
      | 'only_in_devices'
      | 'status_disagrees_after_mapping',
      readonly number[]
    >
  >;
  readonly maintenance_text_device_table: Readonly<Record<string, number | readonly number[]>>;
  readonly users: Readonly<Record<string, unknown>> & { readonly by_password_form: Readonly<Record<string, number>> };
  readonly bookings: { readonly collaborator_copies: number };
  readonly overlaps: { readonly confirmed_pairs_real_instants_same_type_and_name: Pairs };
  readonly booking_dirt: {
    readonly copies_whose_status_differs_from_owner: number;
    readonly group_with_two_owners: readonly string[];
  } & Readonly<
    Record<
      | 'end_before_start'
      | 'zero_length'
      | 'absurd_length_300_years'
      | 'status_null'
      | 'status_lower_case'
      | 'status_unknown_word'
      | 'empty_group_id'
      | 'orphan_collaborator_copies'
      | 'patch_list_duplicates_same_group'
      | 'rows_on_a_further_port_row'
      | 'day_rows_shifted_by_a_clock_change'
      | 'local_time_ambiguous'
      | 'local_time_missing',
      readonly number[]
    >
  >;
  readonly other: Readonly<
    Record<
      | 'favourites_with_unknown_group'
      | 'favourites_with_unknown_device'
      | 'topologies_empty'
      | 'topologies_with_edge_to_missing_node'
      | 'topologies_with_plain_node_shape'
      | 'disabled_admin_roles'
      | 'maintenance_records_without_device'
      | 'duplicate_device_tags',
      number
    >
  >;
  readonly pdus: Readonly<
    Record<
      | 'pdus'
      | 'outlet_entries'
      | 'device_name_not_in_inventory'
      | 'duplicate_outlet_number'
      | 'bare_yaml_boolean_status'
      | 'without_external_id'
      | 'not_connected',
      number
    >
  >;
}

export const legacyCounts = (): LegacyCounts =>
  JSON.parse(readFileSync(legacyFile('counts.json'), 'utf8')) as LegacyCounts;

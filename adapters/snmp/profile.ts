import type { OutletState } from '../../domain/index.js';

/** Below the family's root. One that ends in `.0` is a single value, every other is a column. */
export type Oid = string;

/** Rows in which a column says one of these. */
export interface Saying {
  readonly oid: Oid;
  readonly is: readonly number[];
}

/** Where a measured value is, and how it becomes one that people read. Negative ones mean "not measured". */
export interface Quantity {
  readonly oid: Oid;
  /** Only rows that end in this kind of sensor. */
  readonly sensor?: number;
  /** What one step of the device is worth; 1 when nothing is said. */
  readonly times?: number;
  /** Where the device says how many decimals its value has. */
  readonly digits?: Oid;
  /** Only rows of which all of this is said. */
  readonly only?: readonly Saying[];
  /** Where the device says that it means degrees Fahrenheit. */
  readonly fahrenheit?: Saying;
  /** Values below zero are real. */
  readonly signed?: true;
  /** It tells of the first unit of a daisy chain only. */
  readonly ofFirstUnit?: true;
}

/** Where something is found: a column, or a place in the index of the row, from 0. */
export type Place = Oid | number;

/** What identifies an outlet on the front of the device. */
export interface OutletPlaces {
  /** The unit of a daisy chain. */
  readonly unit?: Place;
  /** What the first unit is called in the index; 1 when nothing is said. */
  readonly firstUnit?: number;
  /** The infeed or cord under which outlets are counted from 1 again. */
  readonly infeed?: Place;
  readonly outlet: Place;
}

/** One integer to be set in the row of the outlet. */
export interface Command {
  readonly oid: Oid;
  readonly value: number;
}

export interface OutletColumns {
  readonly places: OutletPlaces;
  /** The first that is not empty is the outlet's name. */
  readonly names: readonly Oid[];
  /** Whatever is not listed is unknown. */
  readonly state: { readonly oid: Oid; readonly values: Readonly<Record<number, OutletState>> };
  /** Columns whose listed values say more than the state does; the first that has something to say is believed. */
  readonly overrides?: readonly { readonly oid: Oid; readonly values: Readonly<Record<number, OutletState>> }[];
  readonly watts?: Quantity;
  /** What has to be said of an outlet that can be switched: a value, or a bit of a bit string counted from the left. */
  readonly switchable?: Saying | { readonly oid: Oid; readonly bit: number };
  readonly on: Command;
  readonly off: Command;
  /** Where outlets are listed that are measured only, when no outlet has a state. */
  readonly measured?: { readonly places: OutletPlaces; readonly names: readonly Oid[] };
}

/** All that is to be known about the SNMP of a family of PDUs: docs/drivers.md says how to write one. */
export interface FamilyProfile {
  /** As people write it in the configuration. */
  readonly name: string;
  /** As people say it. */
  readonly title: string;
  readonly manufacturer: string;
  /** Above all of its objects; where it depends on the model, from the sysObjectID, null for a stranger's. */
  readonly root: string | ((sysObjectId: string) => string | null);
  /** Values of which one is above zero, or a text that is not empty, on devices of this family and on no others. */
  readonly signs: readonly Oid[];
  /** The first that is not empty counts. A column means its first row. */
  readonly identity: {
    readonly manufacturer?: readonly Oid[];
    readonly model: readonly Oid[];
    readonly serialNumber: readonly Oid[];
    readonly firmware: readonly Oid[];
  };
  readonly outlets: OutletColumns;
  /** Of the whole device: of several places the first that has a value. Rows are summed up; of sensors the highest counts. */
  readonly totals: {
    readonly watts?: readonly Quantity[];
    readonly kilowattHours?: readonly Quantity[];
    readonly amperes?: readonly Quantity[];
    readonly celsius?: readonly Quantity[];
    readonly relativeHumidity?: readonly Quantity[];
  };
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FixturePdu, type FixtureOptions, type Switching } from './fixture-pdu.js';
import { readSnmprec } from './snmprec.js';

/**
 * A family as its own manual has it, written down apart from the drivers, so that their mistakes cannot cancel out:
 * what a control column makes the state column show, and what an operator with snmpget and snmpset would type.
 */
export interface FamilyFacts {
  readonly switching: readonly Switching[];
  /** Where the state of an outlet is, and what it shows. */
  readonly state: { readonly column: string; readonly on: number; readonly off: number };
  readonly orders: Readonly<Record<'on' | 'off', { readonly column: string; readonly value: number }>>;
  /** What stands before the outlet's number in the index. */
  readonly row: string;
  /** An outlet of the family's fixture that cannot be switched. */
  readonly unswitchable: { readonly number: number; readonly row: string } | null;
}

interface Pair {
  readonly on: number;
  readonly off: number;
}

/** A family with one control column. */
const simple = (
  control: string,
  set: Pair,
  state: string,
  shown: Pair,
  row = '',
  unswitchable: FamilyFacts['unswitchable'] = null,
): FamilyFacts => ({
  switching: [{ control, state, shows: { [set.on]: shown.on, [set.off]: shown.off } }],
  state: { column: state, ...shown },
  orders: { on: { column: control, value: set.on }, off: { column: control, value: set.off } },
  row,
  unswitchable,
});

const APC = '1.3.6.1.4.1.318.1.1';
const CYBERPOWER = '1.3.6.1.4.1.3808.1.1';
const EATON = '1.3.6.1.4.1.534.6.6.7.6.6.1';
const RARITAN = '1.3.6.1.4.1.13742';
const SERVERTECH = '1.3.6.1.4.1.1718';
const GEIST = '1.3.6.1.4.1.21239.5.2.3.5.1';
const GUDE_8031 = '1.3.6.1.4.1.28507.81.1.3.1.2.1.3';
const FROM_1: Pair = { on: 1, off: 2 };
const FROM_0: Pair = { on: 1, off: 0 };

const FAMILIES = {
  'raritan-pdu2': simple(`${RARITAN}.6.4.1.2.1.2`, FROM_0, `${RARITAN}.6.4.1.2.1.3`, { on: 7, off: 8 }, '1.'),
  'raritan-px1': simple(`${RARITAN}.4.1.2.2.1.3`, FROM_0, `${RARITAN}.4.1.2.2.1.3`, FROM_0),
  'apc-rpdu2': simple(`${APC}.26.9.2.4.1.5`, FROM_1, `${APC}.26.9.2.3.1.5`, { on: 2, off: 1 }),
  'apc-rpdu': simple(`${APC}.12.3.3.1.1.4`, FROM_1, `${APC}.12.3.5.1.1.4`, FROM_1),
  'apc-spdu': simple(`${APC}.4.4.2.1.3`, FROM_1, `${APC}.4.4.2.1.3`, FROM_1),
  'servertech-sentry3': simple(`${SERVERTECH}.3.2.3.1.11`, FROM_1, `${SERVERTECH}.3.2.3.1.5`, FROM_0, '1.1.', {
    number: 104,
    row: '1.2.4',
  }),
  'servertech-sentry4': simple(`${SERVERTECH}.4.1.8.5.1.2`, FROM_1, `${SERVERTECH}.4.1.8.3.1.1`, FROM_1, '1.1.', {
    number: 8,
    row: '1.1.8',
  }),
  'eaton-epdu': {
    // Seconds of delay; the fixture takes 0 only, as some devices do.
    switching: [
      { control: `${EATON}.3`, state: `${EATON}.2`, shows: { 0: 0 } },
      { control: `${EATON}.4`, state: `${EATON}.2`, shows: { 0: 1 } },
    ],
    state: { column: `${EATON}.2`, ...FROM_0 },
    orders: { on: { column: `${EATON}.4`, value: 0 }, off: { column: `${EATON}.3`, value: 0 } },
    row: '0.',
    unswitchable: { number: 8, row: '0.8' },
  },
  'cyberpower-epdu': simple(`${CYBERPOWER}.3.3.3.1.1.4`, FROM_1, `${CYBERPOWER}.3.3.5.1.1.4`, FROM_1),
  'cyberpower-epdu2': simple(`${CYBERPOWER}.6.6.1.5.1.5`, FROM_1, `${CYBERPOWER}.6.6.1.4.1.5`, FROM_1),
  'vertiv-geist': simple(`${GEIST}.6`, { on: 2, off: 4 }, `${GEIST}.4`, FROM_1),
  'gude-epc': simple(GUDE_8031, FROM_0, GUDE_8031, FROM_0),
} satisfies Record<string, FamilyFacts>;

export type FixtureFamily = keyof typeof FAMILIES;
export const FIXTURE_FAMILIES = Object.keys(FAMILIES) as FixtureFamily[];
export const factsOf = (family: FixtureFamily): FamilyFacts => FAMILIES[family];

const OWN = join('test', 'data', 'snmprec');
const RECORDED = join('..', 'shared', 'data', 'snmprec');

/** A device of `family`, not started yet. @param file another walk of test/data/snmprec than the family's own. */
export const fixturePdu = (family: FixtureFamily, options: FixtureOptions = {}, file: string = family): FixturePdu =>
  new FixturePdu(readSnmprec(readFileSync(join(OWN, `${file}.snmprec`), 'utf8')), FAMILIES[family].switching, options);

/** Something with SNMP and without outlets. */
export const strangeDevice = (): FixturePdu =>
  new FixturePdu(readSnmprec(readFileSync(join(OWN, 'not-a-pdu.snmprec'), 'utf8')), []);

/** A real device as it was recorded, or null where the recordings are not at hand. */
export const recordedPdu = (file: string, family: FixtureFamily, options: FixtureOptions = {}): FixturePdu | null => {
  const path = join(RECORDED, file);
  if (!existsSync(path)) return null;
  return new FixturePdu(readSnmprec(readFileSync(path, 'utf8')), FAMILIES[family].switching, options);
};

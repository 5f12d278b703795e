import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FixturePdu, type FixtureOptions, type Switching } from './fixture-pdu.js';
import { readSnmprec } from './snmprec.js';

/** How devices of a family switch, written down apart from the drivers, so that their mistakes cannot cancel out. */
const APC = '1.3.6.1.4.1.318.1.1';
const CYBERPOWER = '1.3.6.1.4.1.3808.1.1';
const EATON = '1.3.6.1.4.1.534.6.6.7.6.6.1';
const SWITCHING = {
  'raritan-pdu2': [
    { control: '1.3.6.1.4.1.13742.6.4.1.2.1.2', state: '1.3.6.1.4.1.13742.6.4.1.2.1.3', shows: { 0: 8, 1: 7 } },
  ],
  'raritan-px1': [
    { control: '1.3.6.1.4.1.13742.4.1.2.2.1.3', state: '1.3.6.1.4.1.13742.4.1.2.2.1.3', shows: { 0: 0, 1: 1 } },
  ],
  'apc-rpdu2': [{ control: `${APC}.26.9.2.4.1.5`, state: `${APC}.26.9.2.3.1.5`, shows: { 1: 2, 2: 1 } }],
  'apc-rpdu': [{ control: `${APC}.12.3.3.1.1.4`, state: `${APC}.12.3.5.1.1.4`, shows: { 1: 1, 2: 2 } }],
  'apc-spdu': [{ control: `${APC}.4.4.2.1.3`, state: `${APC}.4.4.2.1.3`, shows: { 1: 1, 2: 2 } }],
  'servertech-sentry3': [
    { control: '1.3.6.1.4.1.1718.3.2.3.1.11', state: '1.3.6.1.4.1.1718.3.2.3.1.5', shows: { 1: 1, 2: 0 } },
  ],
  'servertech-sentry4': [
    { control: '1.3.6.1.4.1.1718.4.1.8.5.1.2', state: '1.3.6.1.4.1.1718.4.1.8.3.1.1', shows: { 1: 1, 2: 2 } },
  ],
  // Seconds of delay: these fixtures take 0 only, as some devices do.
  'eaton-epdu': [
    { control: `${EATON}.3`, state: `${EATON}.2`, shows: { 0: 0 } },
    { control: `${EATON}.4`, state: `${EATON}.2`, shows: { 0: 1 } },
  ],
  'cyberpower-epdu': [
    { control: `${CYBERPOWER}.3.3.3.1.1.4`, state: `${CYBERPOWER}.3.3.5.1.1.4`, shows: { 1: 1, 2: 2 } },
  ],
  'cyberpower-epdu2': [
    { control: `${CYBERPOWER}.6.6.1.5.1.5`, state: `${CYBERPOWER}.6.6.1.4.1.5`, shows: { 1: 1, 2: 2 } },
  ],
  'vertiv-geist': [
    { control: '1.3.6.1.4.1.21239.5.2.3.5.1.6', state: '1.3.6.1.4.1.21239.5.2.3.5.1.4', shows: { 2: 1, 4: 2 } },
  ],
  'gude-epc': [
    {
      control: '1.3.6.1.4.1.28507.81.1.3.1.2.1.3',
      state: '1.3.6.1.4.1.28507.81.1.3.1.2.1.3',
      shows: { 0: 0, 1: 1 },
    },
  ],
} satisfies Record<string, Switching[]>;

export type FixtureFamily = keyof typeof SWITCHING;
export const FIXTURE_FAMILIES = Object.keys(SWITCHING) as FixtureFamily[];

const OWN = join('test', 'data', 'snmprec');
const RECORDED = join('..', 'shared', 'data', 'snmprec');

/** A device of `family`, not started yet. @param file another walk of test/data/snmprec than the family's own. */
export const fixturePdu = (family: FixtureFamily, options: FixtureOptions = {}, file: string = family): FixturePdu =>
  new FixturePdu(readSnmprec(readFileSync(join(OWN, `${file}.snmprec`), 'utf8')), SWITCHING[family], options);

/** Something with SNMP and without outlets. */
export const strangeDevice = (): FixturePdu =>
  new FixturePdu(readSnmprec(readFileSync(join(OWN, 'not-a-pdu.snmprec'), 'utf8')), []);

/** A real device as it was recorded, or null where the recordings are not at hand. */
export const recordedPdu = (file: string, family: FixtureFamily, options: FixtureOptions = {}): FixturePdu | null => {
  const path = join(RECORDED, file);
  if (!existsSync(path)) return null;
  return new FixturePdu(readSnmprec(readFileSync(path, 'utf8')), SWITCHING[family], options);
};

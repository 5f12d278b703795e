import { readFileSync } from 'node:fs';
import { readPduFile } from '../../adapters/legacy/read-pdu-file.js';
import type { MoveReport, OldHome } from '../../application/move-in/index.js';
import { legacyCounts, legacyFile, legacyLab } from './legacy-lab.js';
import type { OpenLab, OpenLabIn } from './labs.js';
import { ManualClock } from './manual-clock.js';
import { secretOf } from './people.js';

/** The moment of the example's dump. */
export const AS_OF = Date.parse(`${legacyCounts().as_of_utc}Z`);

export const oldHome = (): OldHome => ({
  lab: legacyLab(),
  pdus: readPduFile(readFileSync(legacyFile('pdus.yaml'), 'utf8')),
});

/** Who can sign in, and with what; a script sent its password as it was typed. */
export const LOGINS = [
  ['admin', secretOf('slate-lumen-755')],
  ['labtech', secretOf('cobalt-ember-473')],
  ['alice', secretOf('ember-grove-296')],
  ['bob', secretOf('quartz-onyx-922')],
  ['łukasz', secretOf('ridge-maple-560')],
  ['old.script', 'kelp-tundra-165'],
] as const;

/** A lab that the example has moved into, at the moment of its dump. */
export const movedLab = async (openLab: OpenLabIn): Promise<OpenLab & { report: MoveReport }> => {
  const opened = await openLab({ clock: new ManualClock(AS_OF) });
  return { ...opened, report: await opened.lab.moveIn.execute(oldHome()) };
};

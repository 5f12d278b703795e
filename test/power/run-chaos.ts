import { faultsOf, toggleOverBadNetwork } from './bad-network.js';
import { walk } from './random-steps.js';

/** Ten walks of a thousand steps each; the seed of the first is the first argument. */
const WALKS = 10;
const STEPS = 1_000;
/** Of each of eight devices. */
const TOGGLES_EACH = 25;

const first = Number(process.argv[2] ?? Date.now() % 2 ** 31);
let failures = 0;
for (let seed = first; seed < first + WALKS; seed += 1) {
  const began = performance.now();
  const { steps, sets, allowedSets, restarts, commands, violations, unsettled } = await walk(seed, STEPS);
  const wrong = [...violations, ...unsettled, ...(sets > allowedSets ? [`${sets} SETs for ${allowedSets}`] : [])];
  failures += wrong.length;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    `seed ${seed}: ${steps} steps, ${restarts} restarts, ${commands} commands, ${sets} SETs, ${seconds} s: ` +
      `${wrong.length === 0 ? 'nothing in use lost its power' : wrong.join('; ')}\n`,
  );
}

const began = performance.now();
const toggles = await toggleOverBadNetwork(first, TOGGLES_EACH);
const faults = faultsOf(toggles);
const ended = (outcome: string): number => toggles.filter((toggle) => toggle.outcome === outcome).length;
process.stdout.write(
  `${toggles.length} toggles, a quarter of all datagrams lost each way: ${ended('confirmed')} confirmed, ` +
    `${ended('unconfirmed')} reported unconfirmed, ${ended('failed')} reported as not sent, ` +
    `${toggles.reduce((sum, { changes }) => sum + changes, 0)} changes at the devices, ` +
    `${((performance.now() - began) / 1000).toFixed(1)} s: ${faults.length === 0 ? 'none told wrongly' : faults.join('; ')}\n`,
);
process.exitCode = failures + faults.length > 0 ? 1 : 0;

import { assertBroker } from './broker.js';
import { pactFilesIn } from './pact-files.js';
import { Provider } from './provider.js';
import { sourcesIn, type Sources } from './sources.js';
import type { OpenStage } from './stage.js';
import { verify } from './verify.js';

/** The pacts themselves in place of the folders that they are in. */
const withPacts = async (sources: Sources, print: (text: string) => void): Promise<Sources> => {
  const pactUrls: string[] = [];
  for (const place of sources.pactUrls ?? []) pactUrls.push(...(await pactFilesIn(place, print)));
  return { ...sources, pactUrls };
};

/**
 * Holds the lab to every pact that the environment names, on every stage. A broker is told once, after the last stage.
 * @param own the folder of this repository's pacts.
 * @returns whether all are kept.
 * @throws Error naming what is wrong with the environment or the broker, or the file that is no pact with OpenLab.
 */
export const verifyAll = async (
  environment: Readonly<Record<string, string | undefined>>,
  own: string,
  stages: Readonly<Record<string, OpenStage>>,
  print: (text: string) => void,
): Promise<boolean> => {
  const sources = await withPacts(sourcesIn(environment, own), print);
  await assertBroker(sources, environment);
  const { publishVerificationResult: _, ...silent } = sources;
  const verbose = environment.PACT_VERBOSE === 'true';
  let all = true;
  const names = Object.keys(stages);
  for (const [name, open] of Object.entries(stages)) {
    const provider = await Provider.start(open);
    try {
      const { ok, text, pending } = await verify(provider, name === names.at(-1) ? sources : silent, verbose);
      const unserved = pending === 0 ? '' : `; ${pending} pending need${pending === 1 ? '' : 's'} not served`;
      print(`${text}\n== The lab in ${name} ${ok ? 'keeps the pacts' : 'BREAKS A PACT'}${unserved}.`);
      all &&= ok;
    } finally {
      await provider.close();
    }
  }
  return all;
};

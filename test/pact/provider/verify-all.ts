import { readdir } from 'node:fs/promises';
import { Provider } from './provider.js';
import { sourcesIn, type Sources } from './sources.js';
import type { OpenStage } from './stage.js';
import { verify } from './verify.js';

/** The library lets a folder without pacts pass. @throws Error for one. */
const assertPacts = async ({ pactUrls = [] }: Sources): Promise<void> => {
  for (const folder of pactUrls) {
    const files = await readdir(folder).catch(() => []);
    if (!files.some((file) => file.endsWith('.json'))) throw new Error(`no pacts in ${folder}`);
  }
};

/**
 * Holds the lab to every pact that the environment names, on every stage. A broker is told once, after the last stage.
 * @param own the folder of this repository's pacts.
 * @returns whether all are kept.
 * @throws Error naming what is wrong with the environment.
 */
export const verifyAll = async (
  environment: Readonly<Record<string, string | undefined>>,
  own: string,
  stages: Readonly<Record<string, OpenStage>>,
  print: (text: string) => void,
): Promise<boolean> => {
  const sources = sourcesIn(environment, own);
  await assertPacts(sources);
  const { publishVerificationResult: _, ...silent } = sources;
  let all = true;
  const names = Object.keys(stages);
  for (const [name, open] of Object.entries(stages)) {
    const provider = await Provider.start(open);
    try {
      const { ok, text } = await verify(provider, name === names.at(-1) ? sources : silent);
      print(`${text}\n== The lab in ${name} ${ok ? 'keeps the pacts' : 'BREAKS A PACT'}.`);
      all &&= ok;
    } finally {
      await provider.close();
    }
  }
  return all;
};

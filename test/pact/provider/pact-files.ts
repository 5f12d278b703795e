import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PROVIDER } from '../pact.js';

/** As much of a pact as tells whether it is one, whose, and whether it asks for anything. */
const Pact = z.object({
  consumer: z.object({ name: z.string().min(1) }),
  provider: z.object({ name: z.string() }),
  interactions: z.array(z.unknown()).default([]),
  /** Where the third specification has them. */
  messages: z.array(z.unknown()).default([]),
});

const withoutCaseOrSpace = (name: string): string => name.replace(/\s/g, '').toLowerCase();

/** Every `*.json` there and below; a place that is a file is that file. */
const filesIn = async (place: string): Promise<string[]> => {
  const found = await stat(place).catch(() => null);
  if (found === null) throw new Error(`no pacts in ${place}: there is no such file or folder`);
  if (!found.isDirectory()) return [place];
  const names = (await readdir(place)).sort().map((name) => path.join(place, name));
  const inside = names.map(async (name) => {
    const isFolder = (await stat(name).catch(() => null))?.isDirectory() === true;
    return isFolder ? filesIn(name) : name.endsWith('.json') ? [name] : [];
  });
  return (await Promise.all(inside)).flat();
};

const providerOf = async (file: string): Promise<string> => {
  const text = await readFile(file, 'utf8');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const pact = Pact.safeParse(content);
  if (!pact.success) throw new Error(`${file} is not a pact: ${z.prettifyError(pact.error)}`);
  const { provider, interactions, messages } = pact.data;
  const isMisspelt = provider.name !== PROVIDER && withoutCaseOrSpace(provider.name) === PROVIDER;
  if (isMisspelt) throw new Error(`${file} is for '${provider.name}': the provider has to be called '${PROVIDER}'`);
  if (interactions.length + messages.length === 0) throw new Error(`${file} has no interactions: it asks for nothing`);
  return provider.name;
};

/**
 * The pacts with OpenLab in a folder, or the file. The library passes over what it cannot read or what is for somebody
 * else, without a word: whoever misspells the provider would be told that their pact is kept.
 * @throws Error naming the file that cannot be verified, or the place where none can.
 */
export const pactFilesIn = async (place: string, print: (text: string) => void): Promise<string[]> => {
  const files = await filesIn(place);
  if (files.length === 0) throw new Error(`no pacts in ${place}`);
  const pacts: string[] = [];
  const others = new Map<string, string>();
  for (const file of files) {
    const provider = await providerOf(file);
    if (provider === PROVIDER) pacts.push(file);
    else others.set(file, provider);
  }
  if (pacts.length === 0) {
    const providers = [...new Set(others.values())].map((name) => `'${name}'`).join(', ');
    throw new Error(`no pacts with '${PROVIDER}' in ${place}, only with ${providers}`);
  }
  for (const [file, provider] of others) print(`skipped: ${path.relative(place, file)} is for '${provider}'`);
  return pacts;
};

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { complaintsInShort, failuresInShort, foldKept, isPending, type VerifierResults } from './in-short.js';
import { PROVIDER } from '../pact.js';
import { MESSAGE_PATH, STATE_PATH, type Provider } from './provider.js';
import type { Sources } from './sources.js';

/** What the process that verifies is told. */
export interface VerifierTask {
  readonly name: string;
  readonly provider: string;
  readonly statePath: string;
  readonly messagePath: string;
  readonly sources: Sources;
}

export interface Verdict {
  readonly ok: boolean;
  /** What the verifier printed, without colours, and what the provider had to say. */
  readonly text: string;
  /** How many needs are not served that nobody holds against the lab yet. */
  readonly pending: number;
}

/** What the library says, and then goes on as if nothing were wrong. */
const NOT_PUBLISHED = 'Publishing of verification results failed';

const PROCESS = fileURLToPath(new URL('verifier-process.ts', import.meta.url));

/**
 * The library reads settings of its own from here, and the provider is on this machine: no proxy leads to it. For every
 * request it would read all certificates that the machine trusts, which is two thirds of its work.
 */
const environment = ({ pactBrokerUrl = '' }: Sources): NodeJS.ProcessEnv => {
  const { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: no = '', ...others } = process.env;
  const plain = Object.entries(others).filter(([name]) => !name.startsWith('PACT_'));
  return {
    ...(http !== undefined && { http_proxy: http }),
    ...(https !== undefined && { https_proxy: https }),
    ...Object.fromEntries(plain),
    no_proxy: [process.env.no_proxy ?? no, '127.0.0.1', 'localhost'].filter((host) => host !== '').join(','),
    ...(!pactBrokerUrl.startsWith('https:') && { SSL_CERT_FILE: '/dev/null', SSL_CERT_DIR: '/dev/null' }),
    PACT_DO_NOT_TRACK: 'true',
  };
};

const heardOn = (stream: Readable | null): Promise<string> => (stream ? text(stream) : Promise.resolve(''));

/**
 * Holds the provider to pacts, in a process of its own: what is behind the library prints as it likes.
 * @param verbose whether all is told of what is kept, too.
 */
export const verify = async (provider: Provider, sources: Sources, verbose = false): Promise<Verdict> => {
  const task: VerifierTask = {
    ...{ name: PROVIDER, provider: provider.url, statePath: STATE_PATH, messagePath: MESSAGE_PATH, sources },
  };
  const heard = provider.complaints.length;
  const child = spawn(process.execPath, ['--import=tsx', PROCESS, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environment(sources),
  });
  let results: VerifierResults = {};
  child.on('message', (told: VerifierResults) => (results = told));
  const [out, errors, [code]] = await Promise.all([heardOn(child.stdout), heardOn(child.stderr), once(child, 'close')]);
  const complaints = provider.complaints.slice(heard);
  const counts = complaints.filter((complaint) => !isPending(complaint, results));
  const printed = `${out}${errors}`.replace(/\u001b\[\d*m/g, '');
  return {
    ok: code === 0 && counts.length === 0 && !out.includes(NOT_PUBLISHED),
    text: [
      verbose ? printed : foldKept(printed),
      ...complaintsInShort(complaints, results),
      ...failuresInShort(results),
    ].join('\n'),
    pending: results.pendingErrors?.length ?? 0,
  };
};

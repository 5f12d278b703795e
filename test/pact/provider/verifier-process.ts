import type { RequestHandler } from 'express';
// All of the library takes four times as long to load, and this process is started for every verification.
import { Verifier } from '@pact-foundation/pact/src/dsl/verifier/index.js';
import type { VerifierTask } from './verify.js';

const { name, provider: url, statePath, messagePath, sources } = JSON.parse(process.argv[2] ?? '') as VerifierTask;

/** The library would let states that fail or that nobody knows pass: the provider answers for itself. */
const toTheProvider: RequestHandler = (request, _response, next) => {
  if (request.path === '/_pactSetup') request.url = statePath;
  if (request.path === '/_messages') request.url = messagePath;
  next();
};

const tell = (results: string): void => {
  process.send?.(JSON.parse(results));
};

try {
  const results = await new Verifier({
    ...{ provider: name, providerBaseUrl: url, requestFilter: toTheProvider, logLevel: 'error' },
    failIfNoPactsFound: true,
    ...sources,
  }).verifyProvider();
  tell(results);
} catch (error) {
  // What failed has been printed; what kept it from trying has not.
  if (error instanceof Error && error.message.startsWith('{')) tell(error.message);
  else console.error(error);
  process.exitCode = 1;
}

import type { VerifierOptions } from '@pact-foundation/pact';
import { z } from 'zod';

/** Where the pacts come from, and who is told how it went: as options of the verifier. */
export type Sources = Pick<
  VerifierOptions,
  | 'pactUrls'
  | 'pactBrokerUrl'
  | 'pactBrokerToken'
  | 'consumerVersionSelectors'
  | 'publishVerificationResult'
  | 'providerVersion'
  | 'providerVersionBranch'
>;

const setting = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value));

const Environment = z.object({
  PACT_DIR: setting,
  PACT_BROKER_BASE_URL: setting.pipe(z.url({ protocol: /^https?$/ }).optional()),
  PACT_BROKER_TOKEN: setting,
  PACT_PUBLISH: setting.pipe(z.enum(['true', 'false']).optional()),
  PACT_VERBOSE: setting.pipe(z.enum(['true', 'false']).optional()),
  PACT_PROVIDER_VERSION: setting,
  PACT_PROVIDER_BRANCH: setting,
});

/**
 * What `npm run pact:verify` verifies: the pacts of this repository, those of a folder, those of a broker.
 * @throws Error naming what is wrong with the environment.
 */
export const sourcesIn = (environment: Readonly<Record<string, string | undefined>>, own: string): Sources => {
  const read = Environment.safeParse(environment);
  if (!read.success) throw new Error(z.prettifyError(read.error));
  const { PACT_DIR, PACT_BROKER_BASE_URL, PACT_BROKER_TOKEN, PACT_PUBLISH, ...provider } = read.data;
  const version = provider.PACT_PROVIDER_VERSION;
  const publishes = PACT_PUBLISH === 'true';
  const forTheBroker = {
    ...{ PACT_PUBLISH: publishes ? PACT_PUBLISH : undefined, PACT_BROKER_TOKEN },
    PACT_PROVIDER_BRANCH: provider.PACT_PROVIDER_BRANCH,
  };
  for (const [name, value] of Object.entries(forTheBroker))
    if (value !== undefined && PACT_BROKER_BASE_URL === undefined)
      throw new Error(`${name} needs PACT_BROKER_BASE_URL`);
  if (publishes && version === undefined) throw new Error('PACT_PUBLISH needs PACT_PROVIDER_VERSION');
  const branch = provider.PACT_PROVIDER_BRANCH;
  return {
    pactUrls: [own, ...(PACT_DIR === undefined ? [] : [PACT_DIR])],
    ...(PACT_BROKER_BASE_URL !== undefined && {
      pactBrokerUrl: PACT_BROKER_BASE_URL,
      // Their main branches, what is in use anywhere, and their branches called like ours: brokers refuse that without one.
      consumerVersionSelectors: [
        ...[{ mainBranch: true }, { deployedOrReleased: true }],
        ...(branch === undefined ? [] : [{ matchingBranch: true }]),
      ],
    }),
    ...(PACT_BROKER_TOKEN !== undefined && { pactBrokerToken: PACT_BROKER_TOKEN }),
    ...(publishes && version !== undefined && { publishVerificationResult: true, providerVersion: version }),
    ...(branch !== undefined && { providerVersionBranch: branch }),
  };
};

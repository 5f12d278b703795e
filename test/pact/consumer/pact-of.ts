import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { V3Request, V3Response } from '@pact-foundation/pact';
import { packageRoot } from '../../../composition/package-root.js';
import { PactV4, PROVIDER } from '../pact.js';

export const PACTS = path.join(packageRoot, 'pacts');

type Parameters = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** What is taken for granted: the name of a provider state (docs/contracts.md), and its parameters. */
export type Given = string | readonly [string, Parameters];

interface Exchange {
  readonly given?: readonly Given[];
  readonly request: Omit<V3Request, 'headers' | 'contentType'> & {
    /** Whose session it is. */
    readonly as?: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
  readonly reply: V3Response;
}

interface Message {
  readonly given: readonly Given[];
  readonly event: string;
  readonly data: object;
}

/** What one consumer needs, as its tests write it down. */
export interface PactOf {
  /** Lets `use` talk to a server that answers as the pact says; what it sends has to be what the pact says. */
  exchange(description: string, exchange: Exchange, use: (url: string) => Promise<unknown>): Promise<void>;
  /** Hands a message of the live stream to `use`. */
  message(description: string, message: Message, use: (event: string, data: unknown) => void): Promise<void>;
  /** The last test of the suite: what the tests wrote is what `pacts/` has. `npm run pact:write` writes it there. */
  isWritten(): void;
}

const namedParts = (given: Given): [string, Record<string, never>?] =>
  typeof given === 'string' ? [given] : [given[0], given[1] as Record<string, never>];

/** The pact without what differs from run to run and from release to release of the library. */
const settled = (written: string): string => {
  const { interactions, metadata, ...parties } = JSON.parse(written) as {
    readonly interactions: readonly { readonly type: string; readonly description: string }[];
    readonly metadata: { readonly pactSpecification: object };
  };
  const keyOf = ({ type, description }: (typeof interactions)[number]) => `${type} ${description}`;
  const sorted = [...interactions].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const { pactSpecification } = metadata;
  return `${JSON.stringify({ ...parties, interactions: sorted, metadata: { pactSpecification } }, null, 2)}\n`;
};

const MOST_TRIES = 10;

/**
 * The library may answer a request before it has noted that it came, and then finds it missing
 * (pact-core-mock-server issue 13); a request that was not sent is missing every time.
 */
const orAgain = async (exchange: () => Promise<void>): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await exchange();
      return;
    } catch (error) {
      const isMissing = error instanceof Error && error.message.includes('was expected but not received');
      if (!isMissing || tries === MOST_TRIES) throw error;
    }
  }
};

/** For a suite. The library adds to the file that is there, so the tests write into an empty folder. */
export const pactOf = (consumer: string): PactOf => {
  let folder = '';
  const file = `${consumer}-${PROVIDER}.json`;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-pacts-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const begin = () => new PactV4({ consumer, provider: PROVIDER, dir: folder, logLevel: 'error', cors: false });
  return {
    exchange: (description, { given = [], request, reply }, use) =>
      orAgain(async () => {
        const { method, path: asked, query, as, headers, body } = request;
        const cookie = as === undefined ? {} : { cookie: `session_id=${as}` };
        const interaction = begin().addInteraction();
        for (const state of given) interaction.given(...namedParts(state));
        await interaction
          .uponReceiving(description)
          .withRequest(method, asked, (builder) => {
            builder.query(query ?? {}).headers({ ...headers, ...cookie });
            if (body !== undefined) builder.jsonBody(body);
          })
          .willRespondWith(reply.status, (builder) => {
            builder.headers(reply.headers ?? {});
            if (reply.body !== undefined) builder.jsonBody(reply.body);
          })
          .executeTest(({ url }) => use(url));
      }),
    message: async (description, { given, event, data }, use) => {
      const interaction = begin().addAsynchronousInteraction();
      for (const state of given) interaction.given(...namedParts(state));
      await interaction
        .expectsToReceive(description, (builder) => {
          builder.withJSONContent(data).withMetadata({ event });
        })
        .executeTest(({ contents, metadata }) => {
          use(metadata.event as string, contents.content);
          return Promise.resolve();
        });
    },
    isWritten: () => {
      it(`needs what pacts/${file} says`, async () => {
        const written = settled(await readFile(path.join(folder, file), 'utf8'));
        const kept = path.join(PACTS, file);
        if (process.env.PACT_WRITE === 'true') await writeFile(kept, written);
        expect(written === (await readFile(kept, 'utf8')), `pacts/${file} is old: npm run pact:write`).to.equal(true);
      });
    },
  };
};

import { Agent } from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import { asManyAsFit } from '../support/as-many-as-fit.js';
import { OpenApiRequests, send, type WireReply, type WireRequest } from '../support/openapi-requests.js';
import { nameOf, openApi, operationsOf } from '../support/operations.js';
import { prepareLab, type PreparedLab } from '../support/prepared-lab.js';
import type { ProblemBody } from '../support/problem.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';

const SEED = Number(process.env.GARBAGE_SEED ?? Date.now() % 2 ** 31);

/** All of it takes more than a minute: `npm run torture:garbage`. */
const ALL = process.env.GARBAGE === 'all';

/** What is sent, to all operations together. */
interface Portion {
  /** How many requests at random, and how many of them at least to each operation. */
  readonly requests: number;
  readonly fewest: number;
  /** Longest time for them. */
  readonly milliseconds: number;
  /** Stands once in every place of every operation. */
  readonly everywhere: readonly unknown[];
}

/** Each store has limits of its own for these, and most of them say nothing of it. */
const TOO_MUCH_FOR_STORES = ['x'.repeat(5000), '😀'.repeat(90), 1e308];
const NO_TEXT = ['a\0b', '\ud800', null, [], {}, -1];

const document = openApi();
const operations = operationsOf(document);

/** What must be true of every reply, whatever was asked. */
const expectManners = ({ status, type, body }: WireReply): void => {
  expect(status, body.slice(0, 300)).to.satisfy((code: number) => (code >= 200 && code < 500) || code === 503);
  if (status < 400) return;
  expect(type).to.equal('application/problem+json');
  const problem = JSON.parse(body) as ProblemBody;
  expect(problem.status).to.equal(status);
  for (const field of ['type', 'title', 'detail', 'code'] as const) {
    expect(problem[field], `${field} of ${body.slice(0, 300)}`)
      .to.be.a('string')
      .and.not.equal('');
  }
  expect(problem.code).not.to.equal('internal');
};

const pestering = (title: string, databaseUrl: () => string | Promise<string>, portion: Portion): void => {
  describe(`${title} (GARBAGE_SEED=${SEED})`, () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let lab: PreparedLab;
    let requests: OpenApiRequests;
    before(async () => {
      lab = await prepareLab(await databaseUrl());
      requests = new OpenApiRequests(document, lab.known);
    });
    after(async () => {
      agent.destroy();
      await lab.close();
    });

    const ask = (request: WireRequest): Promise<WireReply> =>
      send(lab.port, agent, { ...request, headers: { cookie: lab.cookie, ...request.headers } });

    /** What is being checked: fast-check does not wait for it when time is up, but the next one must. */
    let checking: Promise<unknown> = Promise.resolve();

    /** Asks the lab as it was prepared, and leaves it so. */
    const check = (request: WireRequest): Promise<void> => {
      const checked = checking.then(async () => {
        try {
          const reply = await ask(request);
          expectManners(reply);
          // What reads, and what is refused, leaves no trace.
          if (reply.status >= 400 || request.method === 'GET') {
            // But that somebody failed to sign in, or was refused, is noted.
            const noted = [400, 401, 403].includes(reply.status) ? ['audit_log'] : [];
            expect((await lab.changed()).filter((table) => !noted.includes(table))).to.deep.equal([]);
          }
        } finally {
          await lab.restore();
        }
      });
      checking = checked.catch(() => undefined);
      return checked;
    };
    afterEach(() => checking);

    const each = Math.max(portion.fewest, Math.ceil(portion.requests / operations.length));
    for (const operation of operations) {
      it(`${nameOf(operation)} refuses it with manners, and leaves no trace of it`, async () => {
        const request = fc.oneof(
          { weight: 1, arbitrary: requests.valid(operation) },
          { weight: 6, arbitrary: requests.wrongInOnePlace(operation) },
          { weight: 3, arbitrary: requests.garbage(operation) },
        );
        const manners = fc.asyncProperty(request, check);
        const examples = requests
          .everywhere(operation, portion.everywhere)
          .filter((_, place) => ALL || place % 5 === SEED % 5)
          .map((one): [WireRequest] => [one]);
        await fc.assert(manners, { examples, numRuns: examples.length });
        const time = Math.max(500, portion.milliseconds / operations.length);
        await asManyAsFit(manners, time, { seed: SEED, numRuns: each });
      });
    }

    it('is told from proper requests, which every operation grants', async () => {
      const refused: string[] = [];
      for (const operation of requests.operations) {
        const [request] = fc.sample(requests.valid(operation), { seed: SEED, numRuns: 1 });
        const reply = await ask(request as WireRequest);
        await lab.restore();
        if (reply.status >= 300) refused.push(`${nameOf(operation)}: ${reply.status} ${reply.body.slice(0, 300)}`);
      }
      expect(refused, 'these need a sample in test/support/operation-samples.ts').to.deep.equal([]);
    });
  });
};

describe('garbage sent to every operation, signed in as Super Admin and with real ids', function () {
  this.timeout(60_000);

  pestering('on SQLite', () => 'sqlite::memory:', {
    ...(ALL ? { requests: 6000, fewest: 30 } : { requests: 900, fewest: 6 }),
    milliseconds: 25_000,
    everywhere: [...TOO_MUCH_FOR_STORES, ...NO_TEXT],
  });
  onMariaDb('on a database server', () => {
    pestering('on MariaDB', freshDatabase, {
      ...(ALL ? { requests: 600, fewest: 10 } : { requests: 100, fewest: 1 }),
      milliseconds: 25_000,
      everywhere: ALL ? TOO_MUCH_FOR_STORES : ['x'.repeat(5000)],
    });
  });
});

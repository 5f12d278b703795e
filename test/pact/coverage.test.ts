import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { missingFields, recordedRequests, type RecordedRequest } from '../support/recorded-request.js';
import { PROVIDER } from './pact.js';
import { Fields } from './consumer/fields.js';
import { PACTS } from './consumer/pact-of.js';

interface Interaction {
  readonly type: string;
  readonly description: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, readonly string[]>>;
    readonly body?: { readonly content: object };
  };
  readonly response: { readonly status: number; readonly body?: { readonly content: unknown } };
}

const interactionsOf = (consumer: string): Interaction[] => {
  const text = readFileSync(path.join(PACTS, `${consumer}-${PROVIDER}.json`), 'utf8');
  const { interactions } = JSON.parse(text) as { readonly interactions: readonly Interaction[] };
  return interactions.filter(({ type }) => type === 'Synchronous/HTTP');
};

const sameNames = (a: object = {}, b: object = {}): boolean =>
  Object.keys(a).sort().join() === Object.keys(b).sort().join();

/** The same route with the same query and the same form, whatever is in them. */
const isOf = ({ method, path: recorded, body }: RecordedRequest, { request }: Interaction): boolean => {
  const [asked = '', query = ''] = recorded.split('?');
  const pattern = asked.split('/').map((part) => (part.startsWith('${') ? '[^/]+' : part));
  return (
    request.method === method &&
    new RegExp(`^${pattern.join('/')}$`).test(request.path) &&
    sameNames(request.query, Object.fromEntries(new URLSearchParams(query))) &&
    sameNames(request.body?.content, body as object | undefined)
  );
};

/** The drawing page names devices that are not there: the lab says so instead of booking them. */
const BOOK_WHAT_IS_DRAWN = 29;
const expected = ({ n, expect: wanted }: RecordedRequest) =>
  n === BOOK_WHAT_IS_DRAWN ? { status: 400, fields: ['detail'] } : wanted;

/** Whose pact has what that page needs. */
const consumerOf = ({ ui, state }: RecordedRequest): string =>
  ({ live: `${ui}-frontend`, legacy: 'old-admin', orphan: 'orphaned-pages' })[state];

describe('the pacts of the frontends', () => {
  for (const recorded of recordedRequests()) {
    it(`have what ${recorded.ui} reads: ${recorded.n} ${recorded.action}`, () => {
      const { status, fields } = expected(recorded);
      const candidates = interactionsOf(consumerOf(recorded)).filter((interaction) => isOf(recorded, interaction));
      const lacking = candidates
        .filter(({ response }) => response.status === status)
        .map(({ description, response }) => [description, missingFields(response.body?.content, fields)] as const);
      expect(lacking, `interactions for ${recorded.method} ${recorded.path}`).not.to.deep.equal([]);
      expect(
        lacking.some(([, missing]) => missing.length === 0),
        JSON.stringify(lacking),
      ).to.equal(true);
    });
  }
});

describe('what consumers read', () => {
  it('is an error where it is missing or something else, and never undefined', () => {
    const fields = new Fields({ name: 'ROADM 1', id: '5', tags: [1], more: null, device: {} });
    expect(fields.text('name')).to.equal('ROADM 1');
    expect(fields.textOrNull('more')).to.equal(null);
    expect(() => fields.text('address')).to.throw('the reply.address is not a text but missing');
    expect(() => fields.textOrNull('address')).to.throw('missing');
    expect(() => fields.objectOrNull('metadata')).to.throw('missing');
    expect(() => fields.number('id')).to.throw('the reply.id is not a number but "5"');
    expect(() => fields.texts('tags')).to.throw('not a list of texts');
    expect(() => fields.one('device').text('name')).to.throw('the reply.device.name is not a text but missing');
    expect(() => fields.list('device')).to.throw('not a list');
    expect(() => fields.items()).to.throw('the reply is not a list');
  });
});

import { expect } from 'chai';
import { string } from './matching.js';
import type { PactOf } from './pact-of.js';

const METHODS = 'GET,POST,PUT,PATCH,DELETE,OPTIONS';

/** What browsers need before pages of that origin may send JSON, and before these may read why something is refused. */
export const browserOf = (pact: PactOf, origin: string, path: string): void => {
  const allowed = { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' };
  const expectAllowed = ({ headers }: Response, names: readonly string[]) => {
    for (const name of names) expect(headers.get(name), name).to.be.a('string');
  };

  it(`may send JSON by every method from ${origin}`, () => {
    const asking = {
      ...{ Origin: origin, 'Access-Control-Request-Method': 'PATCH' },
      'Access-Control-Request-Headers': 'content-type',
    };
    // The library compares lists item by item, with patterns too: that one header is among those allowed cannot be asked for.
    const headers = { ...allowed, 'Access-Control-Allow-Methods': METHODS };
    return pact.exchange(
      `the browser asks what pages of ${origin} may send`,
      { request: { method: 'OPTIONS', path, headers: asking }, reply: { status: 204, headers } },
      async (url) => {
        expectAllowed(await fetch(`${url}${path}`, { method: 'OPTIONS', headers: asking }), Object.keys(headers));
      },
    );
  });

  it(`may read refusals from ${origin}`, () =>
    pact.exchange(
      `a refusal for a page of ${origin}`,
      {
        request: { method: 'GET', path: '/api/auth/me', headers: { Origin: origin } },
        reply: {
          ...{ status: 401, headers: { ...allowed, 'Content-Type': 'application/problem+json' } },
          body: { detail: string('Not authenticated') },
        },
      },
      async (url) => {
        const reply = await fetch(`${url}/api/auth/me`, { headers: { Origin: origin } });
        expectAllowed(reply, Object.keys(allowed));
      },
    ));
};

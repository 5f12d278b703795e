import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { PROVIDER } from '../pact.js';

/** What a broker is told about a pact that it gave out. */
export interface PublishedResult {
  readonly success: boolean;
  readonly providerApplicationVersion: string;
}

/** A broker on this machine with one pact, as far as the verifier talks to it. */
export interface BrokerStub {
  readonly url: string;
  /** As a consumer team published it last. */
  pact: object;
  takesResults: boolean;
  /** Whether its first page leads anywhere. */
  links: boolean;
  /** What the verifier asked to be given: its selectors and its branch. */
  readonly asked: readonly {
    readonly consumerVersionSelectors?: readonly object[];
    readonly providerVersionBranch?: string;
  }[];
  readonly published: readonly PublishedResult[];
  /** Requests that came without the token. */
  readonly refused: readonly string[];
  close(): void;
}

/** @param token what a request has to carry. */
export const brokerStub = async (firstPact: object, token: string): Promise<BrokerStub> => {
  const [asked, published, refused] = [[] as BrokerStub['asked'][number][], [] as PublishedResult[], [] as string[]];
  const pactPath = `/pacts/provider/${PROVIDER}/consumer/a-team/pact-version/1`;
  const providerPath = `/pacticipants/${PROVIDER}`;
  const forVerification = `/pacts/provider/${PROVIDER}/for-verification`;
  const answer = async (request: IncomingMessage, base: string): Promise<object | null> => {
    switch (`${request.method ?? ''} ${request.url ?? ''}`) {
      case 'GET /':
        if (!stub.links) return { _links: {} };
        return {
          _links: {
            'pb:provider-pacts-for-verification': {
              href: `${base}/pacts/provider/{provider}/for-verification`,
              templated: true,
            },
          },
        };
      case `GET ${forVerification}`:
        return { _links: { self: { href: `${base}${forVerification}` } } };
      case `POST ${forVerification}`:
        asked.push((await json(request)) as BrokerStub['asked'][number]);
        return {
          _embedded: {
            pacts: [
              {
                shortDescription: 'latest from main branch',
                verificationProperties: { notices: [], pending: false },
                _links: { self: { href: `${base}${pactPath}`, name: 'the pact of a-team' } },
              },
            ],
          },
          _links: { self: { href: `${base}${forVerification}` } },
        };
      case `GET ${pactPath}`:
        return {
          ...stub.pact,
          _links: {
            self: { href: `${base}${pactPath}` },
            'pb:provider': { href: `${base}${providerPath}` },
            'pb:publish-verification-results': { href: `${base}${pactPath}/verification-results` },
          },
        };
      case `GET ${providerPath}`:
        return {
          _links: {
            self: { href: `${base}${providerPath}` },
            'pb:branch-version': {
              href: `${base}${providerPath}/branches/{branch}/versions/{version}`,
              templated: true,
            },
          },
        };
      case `PUT ${providerPath}/branches/main/versions/1.2.3`:
        return {};
      case `POST ${pactPath}/verification-results`:
        if (!stub.takesResults) return null;
        published.push((await json(request)) as PublishedResult);
        return { _links: { self: { href: `${base}${pactPath}/verification-results/1` } } };
      default:
        return null;
    }
  };
  const server = createServer((request, response) => {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/hal+json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${token}`) {
      refused.push(`${request.method ?? ''} ${request.url ?? ''}`);
      send(401, { error: 'Unauthorized' });
      return;
    }
    answer(request, urlOf()).then(
      (body) => {
        send(body === null ? 404 : 200, body ?? {});
      },
      () => {
        send(400, {});
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const urlOf = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stub: BrokerStub = {
    ...{ url: urlOf(), pact: firstPact, takesResults: true, links: true, asked, published, refused },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return stub;
};

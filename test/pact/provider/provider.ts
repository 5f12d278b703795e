import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { prepareState } from '../states/index.js';
import { Stage, type OpenStage } from './stage.js';

/** Where the verifier announces states and asks for messages; everything else is asked of the lab. */
export const STATE_PATH = '/_pact/state';
export const MESSAGE_PATH = '/_pact/message';

const StateChange = z.object({
  action: z.enum(['setup', 'teardown']),
  /** Empty for an interaction that takes nothing for granted. */
  state: z.string(),
  params: z.record(z.string(), z.unknown()).default({}),
});

/** Why a state or a message could not be had, or a request could not be understood. */
export interface Complaint {
  /** The states of the interaction up to then. */
  readonly states: readonly string[];
  readonly text: string;
}

/** The lab as the verifier meets it: a new one for each interaction, prepared by its states. */
export class Provider {
  readonly url: string;
  /** Why states and messages could not be had: the verifier only says that they could not. */
  readonly complaints: readonly Complaint[];
  readonly close: () => Promise<void>;

  private constructor(url: string, complaints: readonly Complaint[], close: () => Promise<void>) {
    this.url = url;
    this.complaints = complaints;
    this.close = close;
  }

  /** @param front what stands before the lab and may change what it answers. */
  static async start(
    open: OpenStage,
    front: (lab: RequestListener) => RequestListener = (lab) => lab,
  ): Promise<Provider> {
    const complaints: Complaint[] = [];
    let states: readonly string[] = [];
    let stage: Promise<Stage> | null = null;
    const current = () => (stage ??= open());
    const leave = async () => {
      const left = stage;
      stage = null;
      states = [];
      await (await left)?.close();
    };
    const tellState = async (request: IncomingMessage): Promise<object> => {
      const { action, state, params } = StateChange.parse(await json(request));
      if (action === 'teardown') await leave();
      if (action === 'teardown' || state === '') return {};
      states = [...states, state];
      return prepareState(await current(), state, params);
    };
    const refusing =
      (response: ServerResponse, status = 500) =>
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        complaints.push({ states, text });
        sendJson(response, status, { detail: text });
      };
    const answer: RequestListener = front((request, response) => {
      current()
        .then((ready) => {
          ready.answer(request, response);
        })
        .catch(refusing(response));
    });
    const server = createServer((request, response) => {
      if (request.url === STATE_PATH) {
        const before = states;
        tellState(request)
          .then((values) => {
            sendJson(response, 200, values);
          })
          .catch((error: unknown) => {
            // Of anything else the verifier would try it several times, and wait in between.
            refusing(response, 400)(error);
            states = before;
          });
      } else if (request.url === MESSAGE_PATH) {
        current()
          .then((ready) => ready.message())
          .then(({ event, data }) => {
            const metadata = Buffer.from(JSON.stringify({ event })).toString('base64');
            sendJson(response.setHeader('Pact-Message-Metadata', metadata), 200, data);
          }, refusing(response));
      } else answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Provider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, complaints, async () => {
      server.close();
      server.closeAllConnections();
      await leave();
    });
  }
}

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

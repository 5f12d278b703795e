import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express, { type Response } from 'express';
import { LiveTexts } from '../../../adapters/http/live/live-data.js';
import { LiveStream, type Viewer } from '../../../adapters/http/live/live-stream.js';
import { LiveFeed } from '../../../application/index.js';
import { closedAfterwards } from '../../support/closing.js';
import { eventually } from '../../support/eventually.js';
import { LiveClient } from '../../support/live-client.js';
import { ManualClock, MONDAY_MORNING } from '../../support/manual-clock.js';

const nobody: Viewer = () => Promise.resolve(null);
const ada: Viewer = () =>
  Promise.resolve({
    ...{ id: 1, username: 'ada', role: 'User', status: 'active' },
    ...{ email: null, discordId: null, createdAt: MONDAY_MORNING },
  });

/** What happens in a lab in which so much has happened, and nothing that is kept. */
const feedAt = (place: number): LiveFeed => {
  const nothing = () => Promise.resolve([]);
  return new LiveFeed({
    ...{ after: nothing, placedAfter: nothing },
    ...{ lastPlace: () => Promise.resolve(place), version: () => Promise.resolve('') },
  });
};

const streamTo = (response: Response, viewer: Viewer, after: number | null): LiveStream =>
  new LiveStream(response, viewer, new LiveTexts(), new ManualClock(), after);

describe('a live stream', () => {
  const toClose = closedAfterwards();

  /** @returns where somebody is served in that way. */
  const serving = async (serve: (response: Response) => void): Promise<string> => {
    const app = express().get('/', (_request, response) => {
      serve(response);
    });
    const server: Server = createServer(app).listen(0, '127.0.0.1');
    toClose({
      close: () => {
        server.close();
        server.closeAllConnections();
      },
    });
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  it('does not begin for a client that went away while it was found out who they are', async () => {
    const feed = feedAt(0);
    await new Promise<void>((resolve, reject) => {
      serving((response) => {
        client.destroy();
        response.once('close', () => {
          streamTo(response, nobody, null).run(feed).then(resolve, reject);
        });
      }).then((url) => {
        client = request(url);
        client.on('error', () => undefined).end();
      }, reject);
      let client: ReturnType<typeof request>;
    });
    expect(feed.size).to.equal(0);
  });

  it('says so when more happened since the place that was seen than it tells', async () => {
    const told = async (after: number): Promise<string[]> => {
      const url = await serving((response) => {
        void streamTo(response, ada, after).run(feedAt(30_000));
      });
      const client = new LiveClient(url, { path: '/' });
      toClose(client);
      await eventually('the stream to begin', () => client.text.includes('retry: '));
      return client.kinds;
    };
    // An id is twice its place, for there may be two messages of one.
    expect(await told(2 * 10_000)).to.deep.equal(['missed']);
    expect(await told(2 * 20_001)).to.deep.equal([]);
  });
});

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { LiveTexts } from '../../../adapters/http/live/live-data.js';
import { LiveStream } from '../../../adapters/http/live/live-stream.js';
import { LiveFeed } from '../../../application/index.js';
import { ManualClock } from '../../support/manual-clock.js';

describe('a live stream', () => {
  it('does not begin for a client that went away while it was found out who they are', async () => {
    const nothing = () => Promise.resolve([]);
    const lastPlace = () => Promise.resolve(0);
    const version = () => Promise.resolve('');
    const feed = new LiveFeed({ after: nothing, placedAfter: nothing, lastPlace, version });
    const viewer = () => Promise.resolve(null);
    const app = express();
    const ran = new Promise<void>((resolve, reject) => {
      app.get('/', (_request, response) => {
        client.destroy();
        response.once('close', () => {
          new LiveStream(response, viewer, new LiveTexts(), new ManualClock(), null).run(feed).then(resolve, reject);
        });
      });
    });
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    client.on('error', () => undefined).end();
    await ran;
    expect(feed.size).to.equal(0);
    server.close();
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { notifierContract } from 'openlab/contracts';
import { PagerNotifier } from './pager-notifier.mjs';

/** Plays the pagers of the house. */
class Pagers {
  pages = [];
  status = 202;
  #port = 0;
  #server = createServer();

  get url() {
    return `http://127.0.0.1:${this.#port}/page`;
  }

  async open() {
    if (this.#server.listening) return;
    this.#server = createServer(async (request, response) => {
      const page = await json(request);
      if (this.status < 300) this.pages.push(page);
      response.writeHead(this.status).end();
    }).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
  }

  async close() {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

const STATUSES = { refusing: 403, busy: 503 };

notifierContract('the pagers', async () => {
  const pagers = new Pagers();
  await pagers.open();
  return {
    notifier: new PagerNotifier(pagers.url),
    arrived: () => pagers.pages.map(({ text }) => text),
    trouble: async (kind) => {
      pagers.status = STATUSES[kind] ?? 202;
      await (kind === 'gone' ? pagers.close() : pagers.open());
    },
    refuseEverybody: async () => {
      pagers.status = 401;
    },
    close: () => pagers.close(),
  };
});

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut and mended: to those who use it the server goes away and comes back. */
export interface SeverableLink {
  /** The server's URL as it is reached through the link. */
  readonly url: string;
  /** Every connection breaks at once, and new ones are refused. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Connections stay, new ones are accepted, and nothing comes through any more. */
  freeze(): void;
}

/** Puts a link in front of the server at `url`; it is cut after the suite. */
export const severableLink = async (url: string): Promise<SeverableLink> => {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let frozen = false;

  const listener = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (data) => frozen || far.write(data));
    far.on('data', (data) => frozen || near.write(data));
  });
  const listen = async (port: number): Promise<void> => {
    frozen = false;
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
  };
  const cut = async (): Promise<void> => {
    if (!listener.listening) return;
    const closed = once(listener, 'close');
    listener.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = listener.address() as AddressInfo;
  const here = new URL(url);
  here.host = `127.0.0.1:${port}`;
  return { url: here.href, cut, mend: () => listen(port), freeze: () => (frozen = true) };
};

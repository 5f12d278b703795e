import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What becomes of an answer: any number of datagrams in its place. */
export type Mangle = (answer: Buffer) => readonly Buffer[];

/** A device in front of another that answers something else than the other does. */
export interface ManglingProxy {
  readonly port: number;
  mangle: Mangle;
  close(): void;
}

/** For one client at a time. @param fromElsewhere whether answers come from another port than the one that was asked. */
export const manglingProxy = async (target: number, mangle: Mangle, fromElsewhere = false): Promise<ManglingProxy> => {
  const front = createSocket('udp4');
  const back = createSocket('udp4');
  const elsewhere = createSocket('udp4');
  let client = 0;
  let open = true;
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  const proxy: ManglingProxy = {
    port: front.address().port,
    mangle,
    close: () => {
      open = false;
      for (const socket of [front, back, elsewhere]) socket.close();
    },
  };
  front.on('message', (data, from) => {
    client = from.port;
    back.send(data, target, '127.0.0.1');
  });
  back.on('message', (answer) => {
    for (const datagram of proxy.mangle(answer))
      if (open) (fromElsewhere ? elsewhere : front).send(datagram, client, '127.0.0.1');
  });
  // A client that has gone answers that its port is closed.
  for (const socket of [front, back, elsewhere]) socket.on('error', () => undefined);
  return proxy;
};

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Dice } from '../torture/dice.js';

/** How bad the network is: percentages of datagrams, each way, and milliseconds. */
export interface Weather {
  readonly loss?: number;
  readonly duplicates?: number;
  /** Datagrams arrive up to this much later, and so out of order. */
  readonly delay?: number;
}

/** A bad network in front of a UDP port of this machine. The same seed gives the same fate to the same datagrams. */
export interface ChaosProxy {
  readonly port: number;
  /** Datagrams that came in and were lost, both ways. */
  readonly lost: number;
  readonly duplicated: number;
  /** Requests that came in, lost or not. */
  readonly asked: number;
  /** Those of them that set something; copies that the network makes are none. */
  readonly sets: number;
  /** From now on. */
  change(weather: Weather): void;
  close(): void;
}

/** SetRequest-PDU, in the encoding of RFC 3416. */
const SET_REQUEST = 0xa3;

/** Whether a message of SNMP v1 or v2c asks to set something. */
const isSet = (message: Buffer): boolean => {
  // A sequence of the version, the community and the PDU.
  const version = afterHead(message, 0);
  const community = afterHead(message, version) + lengthAt(message, version);
  const pdu = afterHead(message, community) + lengthAt(message, community);
  return message[pdu] === SET_REQUEST;
};

/** A length of more than 127 says first in how many bytes it is. */
const bytesOfLength = (message: Buffer, at: number): number => {
  const first = message[at + 1] ?? 0;
  return first < 0x80 ? 0 : first - 0x80;
};

const lengthAt = (message: Buffer, at: number): number => {
  const bytes = bytesOfLength(message, at);
  return bytes === 0 ? (message[at + 1] ?? 0) : message.readUIntBE(at + 2, bytes);
};

const afterHead = (message: Buffer, at: number): number => at + 2 + bytesOfLength(message, at);

/** Puts a bad network in front of `target`. */
export const chaosProxy = async (target: number, seed: number, weather: Weather): Promise<ChaosProxy> => {
  const dice = new Dice(seed);
  const ways = new Map<number, Socket>();
  const delayed = new Set<NodeJS.Timeout>();
  let { loss = 0, duplicates = 0, delay = 0 } = weather;
  let lost = 0;
  let duplicated = 0;
  let asked = 0;
  let sets = 0;
  let open = true;

  const later = (send: () => void): void => {
    const wait = delay > 0 ? dice.below(delay) : 0;
    if (wait === 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      delayed.delete(timer);
      if (open) send();
    }, wait);
    delayed.add(timer);
  };
  const pass = (send: () => void): void => {
    if (dice.chance(loss)) {
      lost++;
      return;
    }
    later(send);
    if (!dice.chance(duplicates)) return;
    duplicated++;
    later(send);
  };

  const front = createSocket('udp4');
  const wayFor = (from: RemoteInfo): Socket => {
    const known = ways.get(from.port);
    if (known) return known;
    const way = createSocket('udp4');
    ways.set(from.port, way);
    way.on('message', (data) => pass(() => open && front.send(data, from.port, from.address)));
    // The agent behind may be gone: to the one in front that is silence.
    way.on('error', () => undefined);
    return way;
  };
  front.on('message', (data, from) => {
    const way = wayFor(from);
    asked++;
    if (isSet(data)) sets++;
    pass(() => open && way.send(data, target, '127.0.0.1'));
  });
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    port: front.address().port,
    get lost() {
      return lost;
    },
    get duplicated() {
      return duplicated;
    },
    get asked() {
      return asked;
    },
    get sets() {
      return sets;
    },
    change: (next) => ({ loss = 0, duplicates = 0, delay = 0 } = next),
    close: () => {
      if (!open) return;
      open = false;
      for (const timer of delayed) clearTimeout(timer);
      for (const way of ways.values()) way.close();
      front.close();
    },
  };
};

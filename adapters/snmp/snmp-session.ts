import { isIPv6 } from 'node:net';
import {
  AuthProtocols,
  createSession,
  createV3Session,
  isVarbindError,
  ObjectType,
  PrivProtocols,
  SecurityLevel,
  Version1,
  Version2c,
  type Session,
  type User,
  type Varbind,
} from 'net-snmp';
import type { SnmpSecurity } from '../../application/index.js';
import { closed, malformedReply, refusedUser, SILENCE, unreachable } from './refusals.js';
import { SnmpSocket } from './snmp-socket.js';

export type SnmpValue = number | string | Buffer;

/** Who speaks: a community of version 1 or 2c, or a user of version 3. */
export type Speaker =
  | { readonly version: '1' | '2c'; readonly community: string }
  | ({ readonly version: '3'; readonly user: string } & SnmpSecurity);

export interface Patience {
  /** Milliseconds until a request is sent again or given up. */
  readonly timeout: number;
  /** How often a request is sent. */
  readonly tries: number;
  /** Each wait is this many times as long as the one before. */
  readonly backoff: number;
}

/** The device answered with an error of SNMP; which one decides what it means. */
export class SnmpError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`SNMP error ${status}`);
    this.status = status;
  }
}

interface LibraryError extends Error {
  readonly status?: number;
  readonly code?: number | string;
}

type Answer<T> = (error: Error | null, answer?: T) => void;

const AUTH_FAILED = 5;

const AUTH_PROTOCOLS = {
  MD5: AuthProtocols.md5,
  SHA: AuthProtocols.sha,
  'SHA-224': AuthProtocols.sha224,
  'SHA-256': AuthProtocols.sha256,
  'SHA-384': AuthProtocols.sha384,
  'SHA-512': AuthProtocols.sha512,
} as const;

const PRIV_PROTOCOLS = {
  AES: PrivProtocols.aes,
  'AES-256': PrivProtocols.aes256b,
  'AES-256-C': PrivProtocols.aes256r,
} as const;

const userOf = (speaker: Speaker & { version: '3' }): User => {
  const user: User = { name: speaker.user, level: SecurityLevel[speaker.level] };
  if (speaker.level === 'noAuthNoPriv') return user;
  Object.assign(user, { authProtocol: AUTH_PROTOCOLS[speaker.authProtocol], authKey: speaker.authKey });
  if (speaker.level === 'authNoPriv') return user;
  return Object.assign(user, { privProtocol: PRIV_PROTOCOLS[speaker.privProtocol], privKey: speaker.privKey });
};

/** The value of a variable, null where the device has none. */
export const valueOf = (varbind: Varbind): SnmpValue | null => {
  const { type, value } = varbind;
  if (isVarbindError(varbind) || value === null || value === undefined) return null;
  // Counter64, as bytes.
  if (type === ObjectType.Counter64 && Buffer.isBuffer(value))
    return Number(BigInt(`0x${value.toString('hex') || '0'}`));
  return typeof value === 'boolean' ? Number(value) : (value as SnmpValue);
};

/**
 * One speaker's conversation with one device. Every request ends: with an answer, with an SnmpError when the device
 * answered with one, or with a DomainError that says what to check.
 */
export class SnmpSession {
  readonly #where: string;
  readonly #session: Session;
  readonly #waiting = new Set<(error: Error) => void>();
  #garbage = 0;
  #closed = false;

  constructor(address: { readonly host: string; readonly port: number }, speaker: Speaker, patience: Patience) {
    this.#where = `${address.host}:${address.port}`;
    const socket = new SnmpSocket(isIPv6(address.host) ? 'udp6' : 'udp4', {
      // The library may have forgotten the request by now, so nothing else would end it.
      garbage: () => this.#giveUp(malformedReply(this.#where)),
      broken: (error) => this.#session.cancelRequests(error),
    });
    const options = {
      port: address.port,
      timeout: patience.timeout,
      retries: patience.tries - 1,
      backoff: patience.backoff,
      reportOidMismatchErrors: true,
      dgramModule: { createSocket: () => socket },
    };
    this.#session =
      speaker.version === '3'
        ? createV3Session(address.host, userOf(speaker), options)
        : createSession(address.host, speaker.community, {
            ...options,
            version: speaker.version === '1' ? Version1 : Version2c,
          });
    // Without a listener, one malformed datagram would end the process.
    this.#session.on('error', () => this.#garbage++);
  }

  get(oids: readonly string[]): Promise<Varbind[]> {
    return this.#ask((answer) => this.#session.get([...oids], answer));
  }

  getNext(oids: readonly string[]): Promise<Varbind[]> {
    return this.#ask((answer) => this.#session.getNext([...oids], answer));
  }

  /** @returns for each of the objects those that follow it, as many as the device put into its answer. */
  async getBulk(oids: readonly string[], repetitions: number): Promise<Varbind[][]> {
    const answer = await this.#ask<(Varbind | Varbind[])[]>((done) =>
      this.#session.getBulk([...oids], 0, repetitions, done),
    );
    return oids.map((_, place) => [answer[place] ?? []].flat());
  }

  /** @returns whether the object that was set exists. */
  async setInteger(oid: string, value: number): Promise<boolean> {
    const answer = await this.#ask<Varbind[]>((done) =>
      this.#session.set([{ oid, type: ObjectType.Integer, value }], done),
    );
    return answer.every((varbind) => !isVarbindError(varbind));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#session.close();
    // The library forgets a request that was made just now.
    this.#giveUp(closed(this.#where));
  }

  #giveUp(error: Error): void {
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
  }

  #ask<T>(send: (answer: Answer<T>) => unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(closed(this.#where));
        return;
      }
      const garbageBefore = this.#garbage;
      this.#waiting.add(reject);
      send((error, answer) => {
        this.#waiting.delete(reject);
        if (error) reject(this.#meaningOf(error, this.#garbage > garbageBefore));
        else if (answer === undefined) reject(malformedReply(this.#where));
        else resolve(answer);
      });
    });
  }

  #meaningOf(error: LibraryError, heardGarbage: boolean): Error {
    switch (error.name) {
      case 'RequestFailedError':
        return new SnmpError(error.status ?? 0);
      case 'RequestTimedOutError':
        return heardGarbage ? malformedReply(this.#where) : unreachable(this.#where, SILENCE);
      case 'ResponseInvalidError':
        return error.code === AUTH_FAILED ? refusedUser(this.#where) : malformedReply(this.#where);
    }
    switch (error.code) {
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return unreachable(this.#where, 'Nobody knows this host name: check it, or give an IP address.');
      case 'ECONNREFUSED':
        return unreachable(this.#where, 'The host is there and nothing listens on this port: check the port and SNMP.');
      case 'EHOSTUNREACH':
      case 'ENETUNREACH':
        return unreachable(this.#where, 'There is no way to this host: check its address and the network.');
    }
    return this.#closed ? closed(this.#where) : malformedReply(this.#where);
  }
}

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createAgent, ErrorStatus, ObjectType, Version1, Version3, type User } from 'net-snmp';
import { compareOids, numbersOf } from '../oids.js';

/** One value that an agent serves. */
export interface AgentObject {
  readonly oid: string;
  readonly type: ObjectType;
  read(): number | string | Buffer;
  /** Absent where nothing can be set. @returns the error that the agent answers, nothing when it was done. */
  readonly write?: (value: unknown) => ErrorStatus | undefined;
}

export interface AgentAccess {
  readonly readCommunity: string;
  /** Null where nobody may set anything. */
  readonly writeCommunity: string | null;
  /** They may read; those in `writers` may set too. */
  readonly users?: readonly User[];
  readonly writers?: readonly string[];
}

interface Varbind {
  readonly oid: string;
  readonly type: ObjectType;
  readonly value: unknown;
}

interface RequestPdu {
  readonly varbinds: readonly Varbind[];
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
  getResponsePduForRequest(): { varbinds: readonly Varbind[]; errorStatus: ErrorStatus; errorIndex: number };
}

interface Request {
  readonly version: number;
  readonly community: string;
  readonly user?: { readonly name: string };
  readonly pdu: RequestPdu;
}

type Handler = (socket: Socket, request: Request, from: object) => void;

/** What of the library's agent is used; it has no types. */
interface LibraryAgent {
  getAuthorizer(): { addCommunity(name: string): void; addUser(user: User): void };
  sendResponse(socket: Socket, from: object, request: Request, response: object): void;
  close(): void;
  getRequest: Handler;
  getNextRequest: Handler;
  getBulkRequest: Handler;
  setRequest: Handler;
}

interface Served {
  readonly numbers: readonly number[];
  readonly object: AgentObject;
}

/** The most that fits one datagram on Ethernet, less the wrapping of a message in SNMPv3. */
const ROOM = 1_300;
const EMPTY_VARBIND = 8;

const sizeOf = ({ oid, value }: Varbind): number =>
  EMPTY_VARBIND + oid.length / 2 + (typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 4);

/**
 * Serves objects as a device does, on a UDP port of this machine, in SNMP 1, 2c and 3. The library speaks the
 * protocol; which object follows which, how much fits an answer and what may be set is decided here.
 */
export class SnmpAgent {
  readonly #objects: readonly Served[];
  readonly #byOid: ReadonlyMap<string, AgentObject>;
  readonly #access: AgentAccess;
  readonly #room: number;
  #socket: Socket | null = null;
  #agent: LibraryAgent | null = null;

  /** @param room bytes of values that fit one answer. */
  constructor(objects: readonly AgentObject[], access: AgentAccess, room = ROOM) {
    this.#objects = objects
      .map((object) => ({ numbers: numbersOf(object.oid), object }))
      .sort((a, b) => compareOids(a.numbers, b.numbers));
    this.#byOid = new Map(objects.map((object) => [object.oid, object]));
    this.#access = access;
    this.#room = room;
  }

  /** @param port 0 for one that is free. @returns the port on which it listens. */
  async listen(port = 0, host = '127.0.0.1'): Promise<number> {
    const socket = createSocket('udp4');
    this.#socket = socket;
    socket.bind(port, host);
    await once(socket, 'listening');
    // The library would take port 0 for 161, so it gets a socket that is bound already.
    const bound = {
      on: socket.on.bind(socket),
      send: socket.send.bind(socket),
      close: socket.close.bind(socket),
      bind: () => undefined,
    };
    const agent = createAgent({ dgramModule: { createSocket: () => bound } }, () => undefined) as LibraryAgent;
    this.#agent = agent;
    const authorizer = agent.getAuthorizer();
    authorizer.addCommunity(this.#access.readCommunity);
    if (this.#access.writeCommunity !== null) authorizer.addCommunity(this.#access.writeCommunity);
    for (const user of this.#access.users ?? []) authorizer.addUser(user);
    agent.getRequest = (...args) => this.#get(...args);
    agent.getNextRequest = (...args) => this.#getNext(...args);
    agent.getBulkRequest = (...args) => this.#getBulk(...args);
    agent.setRequest = (...args) => this.#set(...args);
    return socket.address().port;
  }

  close(): void {
    this.#agent?.close();
    this.#agent = null;
    this.#socket = null;
  }

  #answer(
    [socket, request, from]: Parameters<Handler>,
    varbinds: readonly Varbind[],
    status: ErrorStatus = ErrorStatus.NoError,
    index = 0,
  ): void {
    const response = request.pdu.getResponsePduForRequest();
    response.varbinds = status === ErrorStatus.NoError ? varbinds : request.pdu.varbinds;
    response.errorStatus = status;
    response.errorIndex = index;
    this.#agent?.sendResponse(socket, from, request, response);
  }

  /** In version 1 an error stands for the whole answer, later for the one value. */
  #answerAll(to: Parameters<Handler>, varbinds: readonly Varbind[]): void {
    const missing = varbinds.findIndex(({ value }) => value === null);
    if (missing >= 0 && to[1].version === Version1) this.#answer(to, [], ErrorStatus.NoSuchName, missing + 1);
    else if (varbinds.reduce((sum, varbind) => sum + sizeOf(varbind), 0) > this.#room)
      this.#answer(to, [], ErrorStatus.TooBig);
    else this.#answer(to, varbinds);
  }

  #get(...to: Parameters<Handler>): void {
    this.#answerAll(
      to,
      to[1].pdu.varbinds.map(({ oid }) => {
        const object = this.#byOid.get(oid);
        if (!object) return { oid, type: ObjectType.NoSuchInstance, value: null };
        return { oid, type: object.type, value: object.read() };
      }),
    );
  }

  #after(oid: string): Varbind {
    const numbers = numbersOf(oid);
    let low = 0;
    let high = this.#objects.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const served = this.#objects[middle];
      if (served && compareOids(served.numbers, numbers) <= 0) low = middle + 1;
      else high = middle;
    }
    const next = this.#objects[low]?.object;
    if (!next) return { oid, type: ObjectType.EndOfMibView, value: null };
    return { oid: next.oid, type: next.type, value: next.read() };
  }

  #getNext(...to: Parameters<Handler>): void {
    this.#answerAll(
      to,
      to[1].pdu.varbinds.map(({ oid }) => this.#after(oid)),
    );
  }

  #getBulk(...to: Parameters<Handler>): void {
    const { varbinds, nonRepeaters, maxRepetitions } = to[1].pdu;
    const answer: Varbind[] = [];
    let room = this.#room;
    const put = (varbind: Varbind): boolean => {
      room -= sizeOf(varbind);
      if (room < 0) return false;
      answer.push(varbind);
      return true;
    };
    const done = () => this.#answer(to, answer);
    for (const { oid } of varbinds.slice(0, nonRepeaters))
      if (!put(this.#after(oid))) {
        done();
        return;
      }
    const cursors = varbinds.slice(nonRepeaters).map(({ oid }) => oid);
    for (let repetition = 0; repetition < maxRepetitions; repetition++) {
      for (const [place, oid] of cursors.entries()) {
        const next = this.#after(oid);
        if (!put(next)) {
          done();
          return;
        }
        cursors[place] = next.oid;
      }
    }
    done();
  }

  #maySet({ version, user, community }: Request): boolean {
    if (version === Version3) return user !== undefined && (this.#access.writers ?? []).includes(user.name);
    return community === this.#access.writeCommunity;
  }

  #set(...to: Parameters<Handler>): void {
    const [, request] = to;
    if (!this.#maySet(request)) {
      this.#answer(to, [], ErrorStatus.NoAccess, 1);
      return;
    }
    for (const [place, { oid, type, value }] of request.pdu.varbinds.entries()) {
      const object = this.#byOid.get(oid);
      const refused = !object?.write
        ? ErrorStatus.NotWritable
        : type !== object.type
          ? ErrorStatus.WrongType
          : object.write(value);
      if (refused !== undefined) {
        this.#answer(to, [], refused, place + 1);
        return;
      }
    }
    this.#answer(to, request.pdu.varbinds);
  }
}

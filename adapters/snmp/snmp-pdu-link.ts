import type {
  OutletReading,
  PduAddress,
  PduCredentials,
  PduIdentity,
  PduLink,
  PduReading,
} from '../../application/index.js';
import { DomainError } from '../../domain/index.js';
import { Cells } from './cells.js';
import type { FamilyProfile, OutletColumns } from './profile.js';
import { deviceObjects, readIdentity, readTotals, SYSTEM_DESCRIPTION, SYSTEM_OBJECT_ID } from './read-device.js';
import { outletColumns, outletSensors, readOutlet } from './read-outlets.js';
import * as refusals from './refusals.js';
import { SnmpClient } from './snmp-client.js';
import { SnmpError, SnmpSession, type Patience, type SnmpValue, type Speaker } from './snmp-session.js';

export interface LinkPatience extends Patience {
  /** Milliseconds in which every call ends. */
  readonly deadline: number;
}

export type SnmpCredentials = Exclude<PduCredentials, { readonly version: 'none' }>;

/** A profile at its place in the device's tree. */
interface Family {
  readonly profile: FamilyProfile;
  readonly root: string;
}

interface Outlets {
  readonly readings: readonly OutletReading[];
  readonly rows: ReadonlyMap<number, string>;
  readonly units: number;
}

const UNITS_OF_NUMBERS = 1_000;
/** Outlets of a usual device, asked for in one go. */
const USUAL_OUTLETS = 24;

/** What the device says when it does not let somebody write: noSuchName and readOnly are SNMP 1 for that. */
const WRITE_REFUSALS = new Set([2, 4, 6, 11, 16, 17]);

/** A conversation with a PDU over SNMP, of a family that is given or found out. */
export class SnmpPduLink implements PduLink {
  readonly #address: PduAddress;
  readonly #credentials: SnmpCredentials;
  readonly #candidates: readonly FamilyProfile[];
  readonly #patience: LinkPatience;
  readonly #where: string;
  #reader: SnmpSession | null = null;
  #writer: SnmpSession | null = null;
  #family: Family | null = null;
  /** Rows of outlets as they were seen last; looked at again before they are believed. */
  #rows: ReadonlyMap<number, string> = new Map();
  #closed = false;

  constructor(
    address: PduAddress,
    credentials: SnmpCredentials,
    candidates: readonly FamilyProfile[],
    patience: LinkPatience,
  ) {
    this.#address = address;
    this.#credentials = credentials;
    this.#candidates = candidates;
    this.#patience = patience;
    this.#where = `${address.host}:${address.port}`;
  }

  identify(): Promise<PduIdentity> {
    return this.#within(() =>
      this.#asFamily(async (family) => {
        const { cells, description } = await this.#device(family, 'identity');
        return readIdentity(family.profile, cells, description);
      }),
    );
  }

  read(): Promise<PduReading> {
    return this.#within(() =>
      this.#asFamily(async (family) => {
        const { cells, description } = await this.#device(family, 'everything');
        const { readings, units } = await this.#outlets(family);
        return {
          identity: readIdentity(family.profile, cells, description),
          outlets: readings,
          ...readTotals(family.profile, cells, units),
        };
      }),
    );
  }

  outlet(number: number): Promise<OutletReading> {
    return this.#within(() => this.#asFamily(async (family) => (await this.#found(family, number)).reading));
  }

  set(number: number, to: 'on' | 'off'): Promise<void> {
    return this.#within(() =>
      this.#asFamily(async (family) => {
        const { reading, row } = await this.#found(family, number);
        if (!reading.switchable) throw refusals.notSwitchable(this.#where, number);
        const { oid, value } = family.profile.outlets[to];
        const session = await this.#readyToWrite();
        await this.#send(session, `${family.root}.${oid}.${row}`, value, number);
      }),
    );
  }

  close(): void {
    this.#closed = true;
    this.#hangUp();
  }

  /** Ends in time, whatever happens on the network; nothing of it is sent any more afterwards. */
  async #within<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw refusals.closed(this.#where);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(refusals.tooSlow(this.#where)), this.#patience.deadline);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      // The address may belong to another device by the next time, or its name to another address.
      if (error instanceof DomainError && error.code === 'pdu.unreachable') this.#hangUp();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #hangUp(): void {
    this.#reader?.close();
    this.#writer?.close();
    this.#reader = null;
    this.#writer = null;
  }

  /** Does something as the family that is known; if it turns out to be another device by now, finds out and does it again. */
  async #asFamily<T>(work: (family: Family) => Promise<T>): Promise<T> {
    if (this.#family === null) return work((this.#family = await this.#recognised()));
    try {
      return await work(this.#family);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'pdu.not-a-pdu')) throw error;
      this.#family = null;
      this.#rows = new Map();
      return work((this.#family = await this.#recognised()));
    }
  }

  async #recognised(): Promise<Family> {
    const signs = this.#candidates.flatMap(({ root, signs }) =>
      typeof root === 'string' ? signs.map((sign) => `${root}.${sign}`) : [],
    );
    const values = await this.#client().get([SYSTEM_OBJECT_ID, ...signs]);
    for (const profile of this.#candidates) {
      const family = rooted(profile, values);
      if (!family) continue;
      const known = typeof profile.root === 'string' ? values : await this.#client().get(signsOf(family));
      if (isSigned(family, known)) return family;
    }
    const [only, ...others] = this.#candidates;
    throw refusals.notAPdu(
      this.#where,
      only && others.length === 0 ? only.title : 'a PDU of a family that there is a driver for',
    );
  }

  /** Reads what is told of the whole device, and whether it still is of the family. */
  async #device(family: Family, what: 'identity' | 'everything') {
    const { profile, root } = family;
    const { single, columns } = deviceObjects(profile, what);
    const client = this.#client();
    const values = await client.get([
      SYSTEM_OBJECT_ID,
      SYSTEM_DESCRIPTION,
      ...signsOf(family),
      ...single.map((oid) => `${root}.${oid}`),
    ]);
    if (rooted(profile, values)?.root !== root || !isSigned(family, values))
      throw refusals.notAPdu(this.#where, profile.title);
    const cells = new Cells();
    for (const oid of single) {
      const value = values.get(`${root}.${oid}`);
      if (value !== undefined) cells.putSingle(oid, value);
    }
    await this.#putColumns(cells, root, columns, 1);
    return { cells, description: values.get(SYSTEM_DESCRIPTION) };
  }

  async #putColumns(cells: Cells, root: string, columns: readonly string[], rows: number): Promise<void> {
    const found = await this.#client().columns(
      columns.map((oid) => `${root}.${oid}`),
      rows,
    );
    for (const oid of columns) cells.putColumn(oid, found.get(`${root}.${oid}`) ?? new Map());
  }

  async #outlets({ profile: { outlets }, root }: Family): Promise<Outlets> {
    const cells = new Cells();
    await this.#putColumns(cells, root, outletColumns(outlets), Math.max(this.#rows.size, USUAL_OUTLETS));
    let columns: OutletColumns = outlets;
    if (outlets.measured && cells.rows(outlets.state.oid).length === 0) {
      columns = { ...outlets, ...outlets.measured };
      await this.#putColumns(cells, root, outletColumns(columns), USUAL_OUTLETS);
    }
    const rows = [...new Set(outletColumns(columns).flatMap((oid) => cells.rows(oid)))];
    await this.#putSensors(cells, root, columns, rows);
    return this.#numbered(columns, rows, cells, root);
  }

  async #putSensors(cells: Cells, root: string, columns: OutletColumns, rows: readonly string[]): Promise<void> {
    const sensors = rows.flatMap((row) => outletSensors(columns, row));
    if (sensors.length === 0) return;
    const values = await this.#client().get(sensors.map(([oid, row]) => `${root}.${oid}.${row}`));
    const found = new Map<string, Map<string, SnmpValue>>();
    for (const [oid, row] of sensors) {
      const value = values.get(`${root}.${oid}.${row}`);
      if (value === undefined) continue;
      const column = found.get(oid) ?? new Map<string, SnmpValue>();
      found.set(oid, column.set(row, value));
    }
    for (const [oid, column] of found) cells.putColumn(oid, column);
  }

  /** @throws DomainError when two rows claim to be one outlet: nobody could say which of them is switched. */
  #numbered(columns: OutletColumns, names: readonly string[], cells: Cells, root: string): Outlets {
    const rows = new Map<number, string>();
    const readings: OutletReading[] = [];
    for (const row of names) {
      const reading = readOutlet(columns, row, cells, root);
      if (!reading) continue;
      if (rows.has(reading.number)) throw refusals.malformedReply(this.#where);
      rows.set(reading.number, row);
      readings.push(reading);
    }
    readings.sort((a, b) => a.number - b.number);
    this.#rows = rows;
    return { readings, rows, units: new Set(readings.map(({ number }) => Math.floor(number / UNITS_OF_NUMBERS))).size };
  }

  /** The outlet as it is now: in the row where it was last if it still is there, or else wherever it is found. */
  async #found(family: Family, number: number): Promise<{ reading: OutletReading; row: string }> {
    const last = this.#rows.get(number);
    if (last !== undefined) {
      const reading = await this.#inRow(family, last);
      if (reading?.number === number) return { reading, row: last };
    }
    const { readings, rows } = await this.#outlets(family);
    const reading = readings.find((one) => one.number === number);
    const row = rows.get(number);
    if (reading && row !== undefined) return { reading, row };
    if (readings.length === 0 && !isSigned(family, await this.#client().get(signsOf(family))))
      throw refusals.notAPdu(this.#where, family.profile.title);
    throw refusals.noSuchOutlet(
      this.#where,
      number,
      readings.map((one) => one.number),
    );
  }

  async #inRow({ profile: { outlets }, root }: Family, row: string): Promise<OutletReading | null> {
    const wanted = [
      ...outletColumns(outlets).map((oid): [string, string] => [oid, row]),
      ...outletSensors(outlets, row),
    ];
    const values = await this.#client().get(wanted.map(([oid, name]) => `${root}.${oid}.${name}`));
    // The place in the index alone would still name an outlet.
    if (values.size === 0) return null;
    const cells = new Cells();
    for (const [oid, name] of wanted) {
      const value = values.get(`${root}.${oid}.${name}`);
      if (value !== undefined) cells.putColumn(oid, new Map([[name, value]]));
    }
    return readOutlet(outlets, row, cells, root);
  }

  #client(): SnmpClient {
    this.#reader ??= new SnmpSession(this.#address, this.#speaker('read'), this.#patience);
    return new SnmpClient(this.#reader, this.#credentials.version === '1', this.#where);
  }

  #speaker(purpose: 'read' | 'write'): Speaker {
    if (this.#credentials.version === '3') return this.#credentials;
    const { version, readCommunity, writeCommunity } = this.#credentials;
    if (purpose === 'read') return { version, community: readCommunity };
    if (writeCommunity === null) throw refusals.noWriteAccess(this.#where);
    return { version, community: writeCommunity };
  }

  /**
   * A session that sends everything once. Version 3 gets to know the device before it orders something, so that the
   * order itself is one datagram.
   */
  async #readyToWrite(): Promise<SnmpSession> {
    if (this.#writer) return this.#writer;
    const writer = new SnmpSession(this.#address, this.#speaker('write'), { ...this.#patience, tries: 1 });
    this.#writer = writer;
    if (this.#credentials.version !== '3') return writer;
    for (let tries = this.#patience.tries; ; tries--) {
      try {
        await writer.get([SYSTEM_OBJECT_ID]);
        return writer;
      } catch (error) {
        if (error instanceof SnmpError) return writer;
        const again = error instanceof DomainError && error.code === 'pdu.unreachable' && tries > 1;
        if (again) continue;
        writer.close();
        this.#writer = null;
        throw error;
      }
    }
  }

  async #send(session: SnmpSession, oid: string, value: number, number: number): Promise<void> {
    let exists: boolean;
    try {
      exists = await session.setInteger(oid, value);
    } catch (error) {
      if (error instanceof SnmpError)
        throw WRITE_REFUSALS.has(error.status) ? refusals.refusedWrite(this.#where) : refusals.failed(this.#where);
      if (error instanceof DomainError && error.code === 'pdu.unreachable') throw refusals.unanswered(this.#where);
      throw error;
    }
    if (!exists) throw refusals.noSuchOutlet(this.#where, number, [...this.#rows.keys()]);
  }
}

const rooted = (profile: FamilyProfile, values: ReadonlyMap<string, SnmpValue>): Family | null => {
  if (typeof profile.root === 'string') return { profile, root: profile.root };
  const sysObjectId = values.get(SYSTEM_OBJECT_ID);
  const root = typeof sysObjectId === 'string' ? profile.root(sysObjectId) : null;
  return root === null ? null : { profile, root };
};

const signsOf = ({ profile, root }: Family): string[] => profile.signs.map((sign) => `${root}.${sign}`);

const isSigned = (family: Family, values: ReadonlyMap<string, SnmpValue>): boolean =>
  signsOf(family).some((sign) => {
    const value = values.get(sign);
    return typeof value === 'number' ? value > 0 : value !== undefined && value.length > 0;
  });

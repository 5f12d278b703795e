import {
  modeOf,
  notFound,
  planFor,
  type Actor,
  type Instant,
  type ManualHold,
  type OutletMode,
  type OutletState,
  type PlannedChange,
} from '../../domain/index.js';
import type { Clock } from '../shared/ports.js';
import { pduNamed, type OrderPower, type PowerParts } from './order-power.js';
import type { PowerAccess } from './power-access.js';
import type { LastReading, OutletRecord, Pdu, PduProblem } from './power-records.js';
import type { PowerSituation } from './power-situation.js';
import type { FedDevice, PowerView } from './power-stores.js';

/** A reading older than this says nothing of now, in milliseconds. */
const OLDEST = 60_000;

/** An outlet with what is known of it now. */
export interface OutletView {
  readonly number: number;
  /** What the PDU calls it. */
  readonly name: string | null;
  readonly state: OutletState;
  readonly watts: number | null;
  readonly switchable: boolean;
  readonly device: { readonly id: number; readonly name: string; readonly managementIp: string | null } | null;
  readonly label: string | null;
  /** As it is in force, not only as it was set. */
  readonly mode: OutletMode;
  readonly hold: ManualHold | null;
}

/** A change that is coming, and how it will be ordered; null when nobody orders it. */
export interface PlannedOrder extends PlannedChange {
  /** What will be sent, as far as the PDU told how it is spoken to; null when nothing is. */
  readonly order: string | null;
}

/** A PDU with what was last read from it; null where it does not say. */
export interface PduView {
  readonly pdu: Pdu;
  /** It answered when it was asked last, not long ago. */
  readonly connected: boolean;
  readonly problem: PduProblem | null;
  readonly readAt: Instant | null;
  readonly celsius: number | null;
  readonly relativeHumidity: number | null;
  readonly watts: number | null;
  readonly kilowattHours: number | null;
  readonly amperes: number | null;
  readonly outlets: readonly OutletView[];
}

/** The control panel: what PDUs told last, and what will become of their outlets. */
export class ViewPower {
  readonly #view: PowerView;
  readonly #situation: PowerSituation;
  readonly #access: PowerAccess;
  readonly #orders: OrderPower;
  readonly #clock: Clock;

  constructor(
    { view, situation, access }: Pick<PowerParts, 'view' | 'situation' | 'access'>,
    orders: OrderPower,
    clock: Clock,
  ) {
    this.#view = view;
    this.#situation = situation;
    this.#access = access;
    this.#orders = orders;
    this.#clock = clock;
  }

  /** Every PDU with an outlet that the actor may see, by id. */
  async list(actor: Actor): Promise<PduView[]> {
    return this.#views(actor, await this.#view.pdus());
  }

  /**
   * @param refresh whether the PDU itself is asked first.
   * @throws DomainError `pdu.not-found`; of kind `unavailable` when a refresh was wanted and it does not answer.
   */
  async one(actor: Actor, name: string, refresh = false): Promise<PduView> {
    const [view] = await this.#views(actor, [await this.#named(actor, name)]);
    if (!view) throw notFound('pdu.not-found', 'PDU not found');
    if (!refresh) return view;
    await this.#orders.refresh(actor, name);
    const [now] = await this.#views(actor, [view.pdu]);
    return now ?? view;
  }

  /** What will be switched, and why, from now on; a dry run that sends nothing. */
  async plan(actor: Actor, hours: number): Promise<PlannedOrder[]> {
    this.#access.assertReads(actor);
    const now = this.#clock.now();
    const until = now + hours * 3_600_000;
    const [devices, readings] = await Promise.all([this.#situation.devices(now, until), this.#view.readings()]);
    const known = new Map(readings.map((reading) => [reading.pduId, reading]));
    return devices
      .flatMap((device) =>
        planFor(
          device,
          ({ pduId, outlet }) => stateIn(known.get(pduId), outlet, now),
          now,
          until,
          this.#situation.policy,
        ),
      )
      .sort((a, b) => a.at - b.at)
      .map((change) => ({ ...change, order: orderIn(known.get(change.feed.pduId), change) }));
  }

  async #named(actor: Actor, name: string): Promise<Pdu> {
    return pduNamed(this.#view, name).catch((error: unknown) => {
      this.#access.assertReads(actor);
      throw error;
    });
  }

  async #views(actor: Actor, pdus: readonly Pdu[]): Promise<PduView[]> {
    const now = this.#clock.now();
    const [records, readings] = await Promise.all([
      this.#view.outlets({ pduIds: pdus.map(({ id }) => id) }),
      this.#view.readings(),
    ]);
    const seen = await this.#access.seen(actor, records, now);
    const ids = [...new Set(records.flatMap(({ deviceId }) => deviceId ?? []))];
    const found = ids.length === 0 ? [] : await this.#view.devices(ids, { start: now, end: now + 1 });
    const devices = new Map(found.map((device) => [device.id, device]));
    const known = new Map(readings.map((reading) => [reading.pduId, reading]));
    return pdus.flatMap((pdu) => {
      const own = records.filter(({ pduId }) => pduId === pdu.id);
      const visible =
        seen === 'all' ? null : new Set(seen.filter(({ pduId }) => pduId === pdu.id).map(({ number }) => number));
      if (visible?.size === 0) return [];
      return this.#viewOf(pdu, known.get(pdu.id), own, devices, visible, now);
    });
  }

  #viewOf(
    pdu: Pdu,
    last: LastReading | undefined,
    records: readonly OutletRecord[],
    devices: ReadonlyMap<number, FedDevice>,
    visible: ReadonlySet<number> | null,
    now: Instant,
  ): PduView {
    const reading = last?.reading ?? null;
    const isFresh = last?.readAt != null && Math.abs(now - last.readAt) <= OLDEST;
    const connected = reading !== null && last?.problem === null && isFresh;
    const numbers = new Set([...records, ...(reading?.outlets ?? [])].map(({ number }) => number));
    const outlets = [...numbers]
      .filter((number) => !visible || visible.has(number))
      .sort((a, b) => a - b)
      .map((number): OutletView => {
        const record = records.find((known) => known.number === number);
        const seen = reading?.outlets.find((known) => known.number === number);
        const device = devices.get(record?.deviceId ?? 0) ?? null;
        return {
          ...{ number, name: seen?.name ?? null, state: stateIn(last, number, now) },
          watts: connected ? (seen?.watts ?? null) : null,
          switchable: seen?.switchable ?? false,
          device: device && { id: device.id, name: device.name, managementIp: device.managementIp },
          label: record?.label ?? null,
          mode: modeOf(record?.mode ?? null, device, this.#situation.policy),
          hold: record?.hold && record.hold.until > now ? record.hold : null,
        };
      });
    const told = connected ? reading : null;
    return {
      ...{ pdu, connected, problem: last?.problem ?? null, readAt: last?.readAt ?? null, outlets },
      ...{ celsius: told?.celsius ?? null, relativeHumidity: told?.relativeHumidity ?? null },
      ...{ kilowattHours: told?.kilowattHours ?? null, amperes: told?.amperes ?? null },
      watts: told && (told.watts ?? sumOf(told.outlets.map(({ watts }) => watts))),
    };
  }
}

/** The state of an outlet as far as it is known now: what a PDU that is gone told last is not known any more. */
const stateIn = (last: LastReading | undefined, number: number, now: Instant): OutletState => {
  if (!last?.reading || last.problem || last.readAt === null || Math.abs(now - last.readAt) > OLDEST) return 'unknown';
  return last.reading.outlets.find((outlet) => outlet.number === number)?.state ?? 'unavailable';
};

/** Numbers and rows of outlets stay, so that an old reading still says how they are spoken to. */
const orderIn = (last: LastReading | undefined, { feed, set }: PlannedChange): string | null =>
  (set && last?.reading?.outlets.find(({ number }) => number === feed.outlet)?.orders?.[set]) ?? null;

const sumOf = (watts: readonly (number | null)[]): number | null => {
  const known = watts.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
};

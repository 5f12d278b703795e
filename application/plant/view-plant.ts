import {
  kindOfPort,
  notFound,
  Wiring,
  type FibreKind,
  type Instant,
  type Link,
  type PlantRow,
  type Trace,
} from '../../domain/index.js';
import type { CrossConnectReader } from '../booking/ports.js';
import type { Clock } from '../shared/ports.js';
import type { PlantReader } from './ports.js';
import { readWiring } from './read-lab.js';

/** A link with what its ends are called. */
export interface LinkView extends Link {
  readonly aRow: PlantRow | null;
  readonly bRow: PlantRow | null;
}

/** Links of this device and of this kind; null is any. */
export interface LinkFilter {
  /** Any row of a device: links of all of its rows. */
  readonly deviceId: number | null;
  readonly kind: FibreKind | null;
}

/** A trace with what it passes. */
export interface TraceView extends Trace {
  readonly start: { readonly row: PlantRow; readonly port: string };
  readonly rows: ReadonlyMap<number, PlantRow>;
}

/** Shows how the lab is wired. */
export class ViewPlant {
  readonly #plant: PlantReader;
  readonly #crossConnects: CrossConnectReader;
  readonly #clock: Clock;

  constructor(plant: PlantReader, crossConnects: CrossConnectReader, clock: Clock) {
    this.#plant = plant;
    this.#crossConnects = crossConnects;
    this.#clock = clock;
  }

  /** By id. */
  async links({ deviceId, kind }: LinkFilter): Promise<LinkView[]> {
    const { rows, links } = await readWiring(this.#plant);
    const thing = deviceId === null ? null : rows.get(deviceId)?.thingId;
    const isThere = (rowId: number) => thing === null || rows.get(rowId)?.thingId === thing;
    return links
      .filter((link) => (kind === null || link.kind === kind) && (isThere(link.a.deviceId) || isThere(link.b.deviceId)))
      .map((link) => ({ ...link, aRow: rows.get(link.a.deviceId) ?? null, bRow: rows.get(link.b.deviceId) ?? null }));
  }

  /** @throws DomainError `link.not-found`. */
  async link(id: number): Promise<LinkView> {
    const [link] = await this.#plant.linksAfter(id - 1, 1);
    if (link?.id !== id) throw notFound('link.not-found', 'Link not found');
    return { ...link, aRow: await this.#row(link.a.deviceId), bRow: await this.#row(link.b.deviceId) };
  }

  async #row(id: number): Promise<PlantRow | null> {
    const [row] = await this.#plant.rowsAfter(id - 1, 1);
    return row?.id === id ? row : null;
  }

  /**
   * Follows the fibre from a port to its end, through patch switches as live bookings have connected them.
   * @param deviceId any row of the device.
   * @param at the time to look at; now when null.
   * @throws DomainError `device.not-found`, `device.unknown-port` for a port that is neither declared nor wired.
   */
  async trace(deviceId: number, port: string, at: Instant | null): Promise<TraceView> {
    const { rows, links } = await readWiring(this.#plant);
    const row = rows.get(deviceId);
    if (!row) throw notFound('device.not-found', 'Device not found');
    const lead = rows.get(row.thingId) ?? row;
    const thingIdOf = (rowId: number) => rows.get(rowId)?.thingId ?? rowId;
    const isOfThing = (end: Link['a']) => thingIdOf(end.deviceId) === lead.id && end.port === port;
    const declared = [...rows.values()].some(
      ({ thingId, ports }) => thingId === lead.id && kindOfPort(ports, port) !== null,
    );
    if (!declared && !links.some(({ a, b }) => isOfThing(a) || isOfThing(b))) {
      throw notFound('device.unknown-port', `${lead.name} has no port '${port}'.`);
    }
    const instant = at ?? this.#clock.now();
    const held = await this.#crossConnects.held(null, { start: instant, end: instant + 1 });
    const trace = new Wiring(links, held, thingIdOf).trace(lead.id, port);
    return { ...trace, start: { row: lead, port }, rows };
  }
}

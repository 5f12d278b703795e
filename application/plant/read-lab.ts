import {
  DAY,
  RelevantThings,
  thingIdsOf,
  type Instant,
  type LabPart,
  type Link,
  type PlantRow,
  type TimeSlot,
} from '../../domain/index.js';
import type { CrossConnectReader } from '../booking/ports.js';
import type { PlantReader } from './ports.js';

const PAGE = 250;
/** Uses longer ago say little about a device. */
const REMEMBERED = 365 * DAY;

const pagesOf = async function* <Item extends { readonly id: number }>(
  next: (after: number, limit: number) => Promise<Item[]>,
): AsyncGenerator<Item[]> {
  for (let last = 0; ;) {
    const page = await next(last, PAGE);
    yield page;
    const end = page[page.length - 1];
    if (page.length < PAGE || end === undefined) return;
    last = end.id;
  }
};

const inPages = function* <Item>(items: readonly Item[]): Generator<Item[]> {
  for (let from = 0; from < items.length; from += PAGE) yield items.slice(from, from + PAGE);
};

/** The whole wiring, with the thing of every row. */
export const readWiring = async (
  plant: PlantReader,
): Promise<{ rows: Map<number, PlantRow & { readonly thingId: number }>; links: Link[] }> => {
  const rows: PlantRow[] = [];
  for await (const page of pagesOf((after, limit) => plant.rowsAfter(after, limit))) rows.push(...page);
  const links: Link[] = [];
  for await (const page of pagesOf((after, limit) => plant.linksAfter(after, limit))) links.push(...page);
  const things = thingIdsOf(rows);
  return { rows: new Map(rows.map((row) => [row.id, { ...row, thingId: things.get(row.id) ?? row.id }])), links };
};

/** What of the lab is to be read. */
export interface LabQuestion {
  /** Notes what is read, and says whose time matters. */
  readonly things: RelevantThings;
  /** When it matters. */
  readonly window: TimeSlot;
  readonly now: Instant;
}

/**
 * Reads the lab part by part, for whoever lays it out. The parts are of moments close to each other: what is booked on
 * the strength of them is checked again when it is booked.
 */
export const readLab = async function* (
  plant: PlantReader,
  crossConnects: CrossConnectReader,
  { things, window, now }: LabQuestion,
): AsyncGenerator<LabPart> {
  for await (const rows of pagesOf((after, limit) => plant.rowsAfter(after, limit))) {
    things.addRows(rows);
    yield { rows };
  }
  for await (const links of pagesOf((after, limit) => plant.linksAfter(after, limit))) {
    things.addLinks(links);
    yield { links };
  }
  yield { maintenance: await plant.maintenance(window) };
  yield { held: await crossConnects.held(null, window) };
  for (const thingIds of inPages(things.ids)) {
    yield { busy: await plant.busy(thingIds, window) };
    yield { uses: await plant.pastUses(thingIds, { start: now - REMEMBERED, end: now }) };
  }
};

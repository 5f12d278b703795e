import type { Database } from '../../adapters/typeorm/database.js';
import { discordContent } from '../../adapters/notify/discord-text.js';
import { describeEvent, recipientsOf, usualTelling, type LabEvent, type LabZone } from '../../domain/index.js';
import type { DiscordSink } from '../support/discord-sink.js';

const ROOM = 'booking-webhook';

/**
 * Outcomes are written down at once, so whoever is killed can repeat only what was sent in the last moment, and no more
 * than are written together. A write waits as long as any other does: for seconds when 64 people press one SQLite file.
 */
const LAST_MOMENT = 5000;
const MOST_REPEATED = 20;

export interface RoomReport {
  readonly told: number;
  /** What was told twice since a server was killed before it had written down that it was sent. */
  readonly repeated: number;
  readonly disagreements: readonly string[];
}

/** Whether everything that has happened was told, as far as the outbox knows. */
export const isAllTold = (database: Database): Promise<boolean> =>
  database.snapshot(async (manager) => {
    const [row] = await manager.query<{ waiting: number | string }[]>(
      `SELECT (SELECT COUNT(*) FROM lab_events WHERE place IS NULL) +
              (SELECT COUNT(*) FROM notifications WHERE state = 'waiting' AND channel = '${ROOM}') AS waiting`,
    );
    return Number(row?.waiting ?? 1) === 0;
  });

/**
 * Holds what came to the lab's room against what happened: each event that is told there once, in its words.
 * @param untilPlace what has a later place happened too late to have been told.
 * @param kills when servers were killed, by `performance.now()`.
 */
export const roomReport = async (
  database: Database,
  { contents, takenAt }: Pick<DiscordSink, 'contents' | 'takenAt'>,
  zone: LabZone,
  untilPlace: number,
  kills: readonly number[],
): Promise<RoomReport> => {
  const { events, users } = await database.snapshot(async (manager) => ({
    events: await manager.query<{ body: string; place: number | null }[]>('SELECT body, place FROM lab_events'),
    users: await manager.query<{ id: number; username: string }[]>('SELECT id, username FROM users'),
  }));
  const names = new Map(users.map(({ id, username }) => [id, username]));
  const nameOf = (id: number) => names.get(id) ?? `user ${id}`;
  /** How often each text must have come, and may have. */
  const expected = new Map<string, { must: number; may: number }>();
  for (const { body, place } of events) {
    const event = JSON.parse(body) as LabEvent;
    if (recipientsOf(event, usualTelling, new Map(), new Set([ROOM])).length === 0) continue;
    const content = discordContent(describeEvent(event, nameOf, zone), null);
    const { must, may } = expected.get(content) ?? { must: 0, may: 0 };
    const isDue = place !== null && place <= untilPlace;
    expected.set(content, { must: must + (isDue ? 1 : 0), may: may + 1 });
  }
  const came = new Map<string, number[]>();
  contents.forEach((content, index) => came.set(content, [...(came.get(content) ?? []), takenAt[index] ?? 0]));
  const disagreements: string[] = [];
  const inWords = (content: string) => content.slice(0, 200).replaceAll('\n', ' | ');
  for (const [content, { must }] of expected) {
    const times = came.get(content)?.length ?? 0;
    if (times < must) disagreements.push(`told in the room ${times} times instead of ${must}: ${inWords(content)}`);
  }
  const repeatedAt = new Map<number, number>();
  for (const [content, times] of came) {
    const may = expected.get(content)?.may ?? 0;
    if (may === 0) disagreements.push(`told in the room and never happened: ${inWords(content)}`);
    if (may === 0 || times.length <= may) continue;
    const kill = kills.find((at) => times.some((time) => time < at && at - time < LAST_MOMENT));
    const ago = times.map((time) => (time / 1000).toFixed(1)).join(', ');
    if (kill === undefined || times.length > may + 1) {
      disagreements.push(`told in the room ${times.length} times instead of ${may} (at ${ago} s): ${inWords(content)}`);
    } else repeatedAt.set(kill, (repeatedAt.get(kill) ?? 0) + 1);
  }
  for (const [kill, times] of repeatedAt) {
    if (times <= MOST_REPEATED) continue;
    disagreements.push(`${times} messages were told twice after the kill at ${(kill / 1000).toFixed(1)} s`);
  }
  const repeated = [...repeatedAt.values()].reduce((sum, times) => sum + times, 0);
  return { told: contents.length, repeated, disagreements };
};

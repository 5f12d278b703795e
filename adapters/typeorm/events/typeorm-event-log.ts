import type { EntityManager } from 'typeorm';
import type { EventHistory, EventLog, PlacedEvent, RecordedEvent } from '../../../application/events/index.js';
import type { LabEvent } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';

/** The last place that was given; 0 while there is none. */
export const lastPlace = async (manager: EntityManager): Promise<number> => {
  const [row] = await rowsOf<{ last: number | null }>(manager, 'SELECT MAX(place) AS last FROM lab_events');
  return row?.last ?? 0;
};

export class TypeormEventLog implements EventLog {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async append(event: LabEvent): Promise<void> {
    await this.#manager.query('INSERT INTO lab_events (at, type, body) VALUES (?, ?, ?)', [
      event.at,
      event.type,
      JSON.stringify(event),
    ]);
  }
}

export class TypeormEventHistory implements EventHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async after(id: number, limit: number): Promise<RecordedEvent[]> {
    const rows = await this.#database.read((manager) =>
      rowsOf<{ id: number; body: string }>(
        manager,
        'SELECT id, body FROM lab_events WHERE id > ? ORDER BY id LIMIT ?',
        [id, limit],
      ),
    );
    return rows.map((row) => ({ id: row.id, event: JSON.parse(row.body) as LabEvent }));
  }

  async placedAfter(place: number, limit: number): Promise<PlacedEvent[]> {
    const rows = await this.#database.read((manager) =>
      rowsOf<{ id: number; body: string; place: number }>(
        manager,
        'SELECT id, body, place FROM lab_events WHERE place > ? ORDER BY place LIMIT ?',
        [place, limit],
      ),
    );
    return rows.map((row) => ({ id: row.id, place: row.place, event: JSON.parse(row.body) as LabEvent }));
  }

  version(): Promise<string> {
    return this.#database.read(async (manager) => {
      const [row] = await rowsOf<{ place: number | null; untold: number | null }>(
        manager,
        `SELECT (SELECT MAX(place) FROM lab_events) AS place,
                (SELECT MAX(id) FROM lab_events WHERE place IS NULL) AS untold`,
      );
      return `${row?.place ?? 0}.${row?.untold ?? 0}`;
    });
  }

  lastPlace(): Promise<number> {
    return this.#database.read(lastPlace);
  }
}

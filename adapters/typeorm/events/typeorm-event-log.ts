import type { EntityManager } from 'typeorm';
import type { EventHistory, EventLog, RecordedEvent } from '../../../application/events/index.js';
import type { LabEvent } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { rowsOf } from '../sql.js';

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
}

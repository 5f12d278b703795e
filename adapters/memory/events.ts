import type { EventHistory, EventLog, PlacedEvent, RecordedEvent } from '../../application/events/index.js';
import type { LabEvent } from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

export class MemoryEventLog implements EventLog {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async append(event: LabEvent): Promise<void> {
    this.#tables.events.set(this.#nextId(), event);
  }
}

export class MemoryEventHistory implements EventHistory {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async after(id: number, limit: number): Promise<RecordedEvent[]> {
    return [...this.#lab.tables.events]
      .filter(([eventId]) => eventId > id)
      .sort(([a], [b]) => a - b)
      .slice(0, limit)
      .map(([eventId, event]) => ({ id: eventId, event }));
  }

  async placedAfter(place: number, limit: number): Promise<PlacedEvent[]> {
    const { events, places } = this.#lab.tables;
    return [...places]
      .filter(([, at]) => at > place)
      .sort(([, a], [, b]) => a - b)
      .slice(0, limit)
      .flatMap(([id, at]) => {
        const event = events.get(id);
        return event ? [{ id, event, place: at }] : [];
      });
  }

  async version(): Promise<string> {
    return String(this.#lab.tables.events.size);
  }

  async lastPlace(): Promise<number> {
    return Math.max(0, ...this.#lab.tables.places.values());
  }
}

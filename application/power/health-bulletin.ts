import type { OutletState } from '../../domain/index.js';
import type { LastReading } from './power-records.js';
import type { PowerView } from './power-stores.js';
import type { HealthListener } from './ports.js';

/** Tells how devices are when the power of one of their outlets is seen to have changed. */
export class HealthBulletin {
  readonly #view: PowerView;
  readonly #health: HealthListener;
  readonly #last = new Map<string, OutletState>();

  constructor(view: PowerView, health: HealthListener) {
    this.#view = view;
    this.#health = health;
  }

  /**
   * Tells of outlets with a device whose state is another than at the last call; a failed reading makes all of them
   * unknown.
   */
  async tell({ pduId, reading, triedAt, problem }: LastReading): Promise<void> {
    const seen = new Map((reading?.outlets ?? []).map((outlet) => [outlet.number, outlet]));
    const stateOf = (number: number): OutletState => (problem ? 'unknown' : (seen.get(number)?.state ?? 'unknown'));
    const changed = [...seen.keys()].filter((number) => this.#last.get(`${pduId}/${number}`) !== stateOf(number));
    if (changed.length === 0) return;
    for (const number of changed) this.#last.set(`${pduId}/${number}`, stateOf(number));
    for (const { number, deviceId } of await this.#view.outlets({ pduIds: [pduId] })) {
      if (deviceId === null || !changed.includes(number)) continue;
      const state = stateOf(number);
      const isKnown = state === 'on' || state === 'off';
      await this.#health.report(deviceId, {
        status: isKnown ? 'ok' : state === 'unavailable' ? 'degraded' : 'unknown',
        heartbeatAt: triedAt,
        metrics: {
          power: state,
          watts: problem ? null : (seen.get(number)?.watts ?? null),
          pdu_id: pduId,
          outlet: number,
        },
      });
    }
  }

  /** What is gone is forgotten. */
  forget(pduId: number): void {
    for (const key of this.#last.keys()) if (key.startsWith(`${pduId}/`)) this.#last.delete(key);
  }
}

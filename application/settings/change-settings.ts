import {
  assertMay,
  assertSettings,
  valuesOf,
  type Actor,
  type SettingKey,
  type SettingValue,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock } from '../shared/ports.js';
import type { LiveSettings } from './live-settings.js';
import type { SettingsWork } from './ports.js';

/** The lab's rules, changed while it runs. */
export class ChangeSettings {
  readonly #work: SettingsWork;
  readonly #live: LiveSettings;
  readonly #clock: Clock;

  constructor(work: SettingsWork, live: LiveSettings, clock: Clock) {
    this.#work = work;
    this.#live = live;
    this.#clock = clock;
  }

  /** Every setting as it counts now. */
  async current(actor: Actor): Promise<Record<SettingKey, SettingValue>> {
    assertMay(actor, 'logs:read');
    await this.#live.refresh();
    return valuesOf(this.#live);
  }

  /**
   * Changes those that are named; they count at once here, and within seconds in other processes.
   * @throws DomainError `permission.denied`, `settings.invalid` naming every mistake.
   */
  async execute(actor: Actor, values: Readonly<Record<string, unknown>>): Promise<Record<SettingKey, SettingValue>> {
    assertMay(actor, 'settings:write');
    assertSettings(values);
    const changes = await this.#work.run(async ({ settings, audit }) => {
      const now = this.#clock.now();
      const before = new Map((await settings.all()).map(({ key, value }) => [key, value]));
      for (const [key, value] of Object.entries(values)) {
        if (before.has(key) && before.get(key) === value) continue;
        await settings.save({ key, value, changedAt: now, changedBy: actor.id });
        await audit.append({
          ...{ at: now, actor: auditActorOf(actor), action: 'settings.changed', entityType: 'setting', entityId: key },
          ...{ entityLabel: key, message: `${actor.username} set ${key} to ${String(value)}` },
          metadata: { before: before.get(key) ?? null, after: value },
        });
      }
      return settings.all();
    });
    this.#live.apply(changes);
    return valuesOf(this.#live);
  }
}

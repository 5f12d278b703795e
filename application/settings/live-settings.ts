import { changedSettings, type BookingPolicy, type LabSettings, type SelfApproval } from '../../domain/index.js';
import type { KeptSetting, SettingsReader } from './ports.js';

/**
 * The settings that count now: those of the configuration with what was changed since. Every process has one; a change
 * by another process counts here from the next refreshing on, and so whatever writes refreshes them first.
 */
export class LiveSettings implements LabSettings {
  readonly #configured: LabSettings;
  readonly #reader: SettingsReader;
  #current: LabSettings;
  /** Looks are numbered as they begin: one that took long must not bring back what was before a later one. */
  #begun = 0;
  #known = 0;

  constructor(configured: LabSettings, reader: SettingsReader) {
    this.#configured = configured;
    this.#current = configured;
    this.#reader = reader;
  }

  /** As of the last refreshing, as all settings here. */
  get policy(): BookingPolicy {
    return this.#current.policy;
  }

  /** Whether a free slot is confirmed at once or by a person. */
  get approvalMode(): LabSettings['approvalMode'] {
    return this.#current.approvalMode;
  }

  /** Whether people who decide about bookings may decide about their own. */
  get selfApproval(): SelfApproval {
    return this.#current.selfApproval;
  }

  /** Reads what was changed, here or by other processes. Rejects when that fails; what was known counts on then. */
  async refresh(): Promise<void> {
    this.#begun += 1;
    const look = this.#begun;
    this.#take(await this.#reader.all(), look);
  }

  /**
   * Puts changes over the configuration; values that make no sense any more are passed over.
   * @param changes all that are kept, not only new ones.
   */
  apply(changes: readonly KeptSetting[]): void {
    this.#begun += 1;
    this.#take(changes, this.#begun);
  }

  #take(changes: readonly KeptSetting[], look: number): void {
    if (look < this.#known) return;
    this.#known = look;
    this.#current = changedSettings(this.#configured, new Map(changes.map(({ key, value }) => [key, value])));
  }
}

import { changedSettings, type BookingPolicy, type LabSettings, type SelfApproval } from '../../domain/index.js';
import type { KeptSetting, SettingsReader } from './ports.js';

/**
 * The settings that count now: those of the configuration with what was changed since. Every process has one; a change
 * by another process counts here from the next refreshing on.
 */
export class LiveSettings implements LabSettings {
  readonly #configured: LabSettings;
  readonly #reader: SettingsReader;
  #current: LabSettings;

  constructor(configured: LabSettings, reader: SettingsReader) {
    this.#configured = configured;
    this.#current = configured;
    this.#reader = reader;
  }

  get policy(): BookingPolicy {
    return this.#current.policy;
  }

  get approvalMode(): LabSettings['approvalMode'] {
    return this.#current.approvalMode;
  }

  get selfApproval(): SelfApproval {
    return this.#current.selfApproval;
  }

  async refresh(): Promise<void> {
    this.apply(await this.#reader.all());
  }

  apply(changes: readonly KeptSetting[]): void {
    this.#current = changedSettings(this.#configured, new Map(changes.map(({ key, value }) => [key, value])));
  }
}

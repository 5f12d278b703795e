import type { Instant } from '../../domain/index.js';
import type { AuditTrail, UnitOfWork } from '../shared/ports.js';

/** A setting that was changed while the lab runs. */
export interface KeptSetting {
  readonly key: string;
  /** As JSON would have it. */
  readonly value: unknown;
  readonly changedAt: Instant;
  readonly changedBy: number;
}

/** What administrators changed of the configuration, within a unit of work. */
export interface SettingsRepository {
  /** By key. What is not among them is as configured. */
  all(): Promise<KeptSetting[]>;
  /** In place of what was kept under the key, if anything. Whether the value makes sense is for the caller. */
  save(setting: KeptSetting): Promise<void>;
  /** Takes a change back. */
  remove(key: string): Promise<void>;
}

/** What a change of settings reads and writes. */
export interface SettingsStores {
  readonly settings: SettingsRepository;
  readonly audit: AuditTrail;
}

/** A transaction about settings. */
export type SettingsWork = UnitOfWork<SettingsStores>;

/** Settings as they are read, outside of any transaction. */
export interface SettingsReader {
  /** By key. What is not among them is as configured. */
  all(): Promise<KeptSetting[]>;
}

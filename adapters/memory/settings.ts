import type { KeptSetting, SettingsReader, SettingsRepository } from '../../application/settings/index.js';
import type { LabState, Tables } from './tables.js';

const all = ({ settings }: Tables): KeptSetting[] => [...settings.values()].sort((a, b) => (a.key < b.key ? -1 : 1));

export class MemorySettings implements SettingsRepository {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async all(): Promise<KeptSetting[]> {
    return all(this.#tables);
  }

  async save(setting: KeptSetting): Promise<void> {
    this.#tables.settings.set(setting.key, setting);
  }

  async remove(key: string): Promise<void> {
    this.#tables.settings.delete(key);
  }
}

export class MemorySettingsReader implements SettingsReader {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  async all(): Promise<KeptSetting[]> {
    return all(this.#lab.tables);
  }
}

import { lineOf } from './inventory-line.js';
import type { InventoryColumn } from './inventory-row.js';
import type { AssetListings } from './ports.js';

/** Says the whole inventory as an import reads it: imported again it changes nothing. */
export class ExportInventory {
  readonly #assets: Pick<AssetListings, 'all'>;

  constructor(assets: Pick<AssetListings, 'all'>) {
    this.#assets = assets;
  }

  /** One line for each row of the inventory, by id. */
  async execute(): Promise<Record<InventoryColumn, string>[]> {
    return (await this.#assets.all()).map(lineOf);
  }
}

import { INVENTORY_COLUMNS, SYSTEM, type InventoryColumn } from '../../application/index.js';
import type { Lab } from '../../composition/compose.js';

/** One line of an inventory file; what it leaves out is usual. */
export type InventoryEntry = Partial<Readonly<Record<InventoryColumn, string>>>;

/**
 * Imports lines into the lab's inventory and answers their row ids, in the same order. Lines of one type and name are
 * the port rows of one device.
 */
export const importDevices = async (lab: Lab, entries: readonly InventoryEntry[]): Promise<number[]> => {
  const known = await lab.work.run(({ devices }) => devices.all());
  const taken = new Set(known.map(({ oiId }) => oiId));
  // Beyond their number where some were removed.
  let number = known.length;
  const nextOiId = (): string => {
    do number += 1;
    while (taken.has(`OI-TEST-${number}`));
    return `OI-TEST-${number}`;
  };
  const lines = entries.map((entry, index) => {
    const name = `Device ${known.length + index + 1}`;
    const oiId = nextOiId();
    return {
      line: index + 2,
      values: { oi_id: oiId, name, device_type: 'ROADM', category: 'OPTICAL', ...entry },
    };
  });
  await lab.importInventory.execute(SYSTEM, INVENTORY_COLUMNS, lines);
  const ids = new Map((await lab.work.run(({ devices }) => devices.all())).map(({ oiId, id }) => [oiId, id]));
  return lines.map(({ values }) => {
    const id = ids.get(values.oi_id);
    if (id === undefined) throw new Error(`${values.oi_id} was imported and is not there`);
    return id;
  });
};

/** A device of one row that anybody may book, unless `entry` says otherwise. */
export const aDevice = async (lab: Lab, entry: InventoryEntry = {}): Promise<number> => {
  const [id] = await importDevices(lab, [entry]);
  if (id === undefined) throw new Error('an import of one line made no row');
  return id;
};

import { groupBy, nameKey, type Device, type WiredRow } from '../../domain/index.js';

/** Rows as the rules of links see them: rows of one type and name are one thing. */
export const wiredRows = (devices: readonly Device[]): Map<number, WiredRow> => {
  const rows = new Map<number, WiredRow>();
  for (const members of groupBy(devices, ({ typeId, name }) => JSON.stringify([typeId, nameKey(name)])).values()) {
    const thingId = Math.min(...members.map(({ id }) => id));
    // Port rows of one device declare its ports together.
    const ports = members.flatMap((device) => device.ports);
    for (const { id, name } of members) rows.set(id, { id, thingId, name, ports });
  }
  return rows;
};

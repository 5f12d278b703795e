import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { groupBy, nameKey, type Plant, type PlantPort, type WireDirection } from '../../../domain/index.js';
import { packageRoot } from '../../../composition/package-root.js';

const linesOf = (file: string) =>
  parse<Record<string, string>>(readFileSync(join(packageRoot, 'test', 'data', 'lab', file), 'utf8'), {
    columns: true,
    skip_empty_lines: true,
  });

/** `L1:line`, or `1-32:eth` for 32 ports. */
const portsOf = (text: string): PlantPort[] =>
  text
    .split(';')
    .filter((port) => port !== '')
    .flatMap((port) => {
      const [name = '', kind = null] = port.split(':');
      const range = /^(\d+)-(\d+)$/.exec(name);
      if (!range) return [{ name, kind }];
      const [from, to] = [Number(range[1]), Number(range[2])];
      return Array.from({ length: to - from + 1 }, (_, at) => ({ name: String(from + at), kind }));
    });

/** The lab of the supplied files: row n of the devices is id n, and a thing has the id of its first row. */
export const labPlant = (): Plant => {
  const rows = linesOf('devices.csv').map((row, at) => ({ id: at + 1, row }));
  const things = groupBy(rows, ({ row }) => `${row.device_type!}|${nameKey(row.name!)}`);
  const thingOf = new Map<string, number>();
  const devices = [...things.values()].map((members) => {
    const [first] = members;
    const { id, row } = first!;
    for (const member of members) thingOf.set(member.row.oi_id!, id);
    const installed = members.map((member) => member.row.status!);
    const status = installed.includes('in_maintenance') ? 'in_maintenance' : row.status!;
    return {
      id,
      name: row.name!,
      type: row.device_type!,
      manufacturer: row.manufacturer ?? null,
      model: row.model ?? null,
      site: row.site === '' ? null : row.site!,
      firmware: null,
      tags: members.flatMap((member) => member.row.tags!.split(';')),
      bookable: status === 'active' && row.category !== 'INFRA',
      status,
      ports: members.flatMap((member) => portsOf(member.row.ports!)),
      busy: [],
      maintenance: [],
      ok: 0,
      faults: 0,
    };
  });
  const links = linesOf('links.csv').map((link, at) => ({
    id: at + 1,
    kind: link.kind!,
    direction: link.direction as WireDirection,
    lengthKm: Number(link.length_km),
    lossDb: Number(link.loss_db),
    a: { deviceId: thingOf.get(link.a_oi_id!)!, port: link.a_port! },
    b: { deviceId: thingOf.get(link.b_oi_id!)!, port: link.b_port! },
    link,
  }));
  const number = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));
  const of = (kind: string) => links.filter((link) => link.kind === kind);
  return {
    devices,
    switches: devices
      .filter(({ type }) => type === 'Polatis Switch')
      .map(({ id, name }) => ({ id, name, size: name === 'Polatis A' ? 192 : 96, usable: true, maintenance: [] })),
    direct: of('direct').map(({ id, a, b, direction, lengthKm, lossDb }) => ({
      id,
      a,
      b,
      direction,
      lengthKm,
      lossDb,
    })),
    patches: of('patch').map(({ id, a, b, lengthKm, lossDb, link }) => ({
      id,
      ...a,
      switchId: b.deviceId,
      inNo: number(link.b_in_port),
      outNo: number(link.b_out_port),
      lengthKm,
      lossDb,
    })),
    trunks: of('trunk').map(({ id, a, b, lengthKm, lossDb, link }) => ({
      id,
      a: { switchId: a.deviceId, inNo: Number(link.a_in_port), outNo: Number(link.a_out_port) },
      b: { switchId: b.deviceId, inNo: Number(link.b_in_port), outNo: Number(link.b_out_port) },
      lengthKm,
      lossDb,
    })),
    inline: of('inline').map(({ id, a, b, direction, lengthKm, lossDb }) => ({
      id,
      deviceId: a.deviceId,
      portA: a.port,
      portB: b.port,
      direction,
      lengthKm,
      lossDb,
    })),
    heldPorts: [],
    heldTrunks: [],
  };
};

/** The same lab with an option of it booked. */
export const withBooked = (
  plant: Plant,
  deviceIds: readonly number[],
  slot: { start: number; end: number },
): Plant => ({
  ...plant,
  devices: plant.devices.map((device) =>
    deviceIds.includes(device.id) ? { ...device, busy: [...device.busy, slot] } : device,
  ),
});

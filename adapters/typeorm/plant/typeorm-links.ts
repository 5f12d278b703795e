import type { EntityManager } from 'typeorm';
import type { LinkRepository } from '../../../application/plant/ports.js';
import { invalid, type Instant, type Link, type LinkFacts, type PlantRow } from '../../../domain/index.js';
import { inParts, isDuplicate, marks, rowsOf } from '../sql.js';
import { plantRows } from './plant-rows.js';
import { linkSchema, type LinkRow } from './schemas.js';

export const LINK_COLUMNS = `id, label, kind, direction, a_device_id AS aDeviceId, a_port AS aPort, a_in_port AS aInPort,
  a_out_port AS aOutPort, b_device_id AS bDeviceId, b_port AS bPort, b_in_port AS bInPort, b_out_port AS bOutPort,
  strands, length_km AS lengthKm, loss_db AS lossDb, fiber_type AS fiberType, notes, created_at AS createdAt,
  updated_at AS updatedAt`;

export const toLink = (row: LinkRow): Link => {
  const { id, label, kind, direction, strands, lengthKm, lossDb, fiberType, notes, createdAt, updatedAt } = row;
  return {
    ...{ id, label, kind, direction, lengthKm, lossDb, fiberType, notes, createdAt, updatedAt },
    strands: strands === 1 ? 1 : 2,
    a: { deviceId: row.aDeviceId, port: row.aPort, inPort: row.aInPort, outPort: row.aOutPort },
    b: { deviceId: row.bDeviceId, port: row.bPort, inPort: row.bInPort, outPort: row.bOutPort },
  };
};

const toColumns = ({ a, b, ...link }: LinkFacts): Omit<LinkRow, 'id' | 'createdAt' | 'updatedAt'> => ({
  label: link.label,
  kind: link.kind,
  direction: link.direction,
  ...{ aDeviceId: a.deviceId, aPort: a.port, aInPort: a.inPort, aOutPort: a.outPort },
  ...{ bDeviceId: b.deviceId, bPort: b.port, bInPort: b.inPort, bOutPort: b.outPort },
  strands: link.strands,
  lengthKm: link.lengthKm,
  lossDb: link.lossDb,
  fiberType: link.fiberType,
  notes: link.notes,
});

const refusingDuplicates = async <T>({ label }: LinkFacts, write: () => Promise<T>): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    if (isDuplicate(error)) throw invalid('link.duplicate', `Link '${label ?? ''}' already exists`);
    throw error;
  }
};

export class TypeormLinks implements LinkRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  get #rows() {
    return this.#manager.getRepository(linkSchema);
  }

  async find(id: number): Promise<Link | null> {
    const [link] = await this.#where('id = ?', [id]);
    return link ?? null;
  }

  async ofRows(rowIds: readonly number[]): Promise<Link[]> {
    const found = new Map<number, Link>();
    for (const part of inParts(rowIds, 2)) {
      const among = marks(part);
      const links = await this.#where(`a_device_id IN (${among}) OR b_device_id IN (${among})`, [...part, ...part]);
      for (const link of links) found.set(link.id, link);
    }
    return [...found.values()].sort((a, b) => a.id - b.id);
  }

  async rowsOfThings(thingIds: readonly number[]): Promise<PlantRow[]> {
    const found = new Map<number, PlantRow>();
    for (const part of inParts(thingIds)) {
      const rows = await plantRows(
        this.#manager,
        `JOIN (SELECT DISTINCT device_type_id, name_key FROM devices WHERE id IN (${marks(part)})) AS wanted
           ON wanted.device_type_id = devices.device_type_id AND wanted.name_key = devices.name_key
        ORDER BY devices.id`,
        part,
      );
      for (const row of rows) found.set(row.id, row);
    }
    return [...found.values()].sort((a, b) => a.id - b.id);
  }

  async labelled(labels: readonly string[]): Promise<Link[]> {
    const found: Link[] = [];
    for (const part of inParts([...new Set(labels)]))
      found.push(...(await this.#where(`label IN (${marks(part)})`, part)));
    return found.sort((a, b) => a.id - b.id);
  }

  add(facts: LinkFacts, at: Instant): Promise<Link> {
    return refusingDuplicates(facts, async () => {
      const { identifiers } = await this.#rows.insert({ ...toColumns(facts), createdAt: at, updatedAt: at });
      return { ...facts, id: Number(identifiers[0]?.id), createdAt: at, updatedAt: at };
    });
  }

  async update(id: number, facts: LinkFacts, at: Instant): Promise<void> {
    await refusingDuplicates(facts, () => this.#rows.update({ id }, { ...toColumns(facts), updatedAt: at }));
  }

  async remove(id: number): Promise<void> {
    await this.#rows.delete({ id });
  }

  async #where(condition: string, parameters: readonly unknown[]): Promise<Link[]> {
    const sql = `SELECT ${LINK_COLUMNS} FROM links WHERE ${condition} ORDER BY id`;
    return (await rowsOf<LinkRow>(this.#manager, sql, parameters)).map(toLink);
  }
}

import type { EntityManager } from 'typeorm';
import { invalid, nameKey, type Device, type DeviceFacts, type Instant } from '../../../domain/index.js';
import type { CatalogueFact, DeviceRepository, ThingName } from '../../../application/inventory/ports.js';
import { inParts, isDuplicate, isDuplicateOf, isMysql, marks, rowsOf } from '../sql.js';
import { deviceSchema, type DeviceRow } from './schemas.js';

const toDevice = ({ nameKey: key, searchText, ports, ...row }: DeviceRow): Device => ({
  ...row,
  ports: JSON.parse(ports) as string[],
});

type Columns = Omit<DeviceRow, 'id' | 'version' | 'createdAt' | 'updatedAt' | 'createdBy' | 'updatedBy'>;

/** What a search looks through. The line ends keep a search from matching the end of one and the beginning of the next. */
const searchTextOf = (facts: DeviceFacts): string =>
  [
    ...[facts.name, facts.oiId, facts.serialNumber, facts.model, facts.hostname, facts.managementIp],
    ...[facts.polatisName, facts.rack, facts.ownerGroup],
  ]
    .map((text) => nameKey(text ?? ''))
    .join('\n');

/** A row without what the store itself keeps of it. */
export const toColumns = (facts: DeviceFacts): Columns => ({
  oiId: facts.oiId,
  name: facts.name,
  nameKey: nameKey(facts.name),
  typeId: facts.typeId,
  manufacturerId: facts.manufacturerId,
  model: facts.model,
  serialNumber: facts.serialNumber,
  status: facts.status,
  siteId: facts.siteId,
  rack: facts.rack,
  uPosition: facts.uPosition,
  hostname: facts.hostname,
  managementIp: facts.managementIp,
  polatisName: facts.polatisName,
  polatisPortRange: facts.polatisPortRange,
  inPort: facts.inPort,
  outPort: facts.outPort,
  ports: JSON.stringify(facts.ports),
  ownerGroup: facts.ownerGroup,
  ownerId: facts.ownerId,
  notes: facts.notes,
  searchText: searchTextOf(facts),
});

const refusingDuplicates = async <T>(facts: DeviceFacts, write: () => Promise<T>): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw isDuplicateOf(error, 'oi_id', 'ux_devices_oi_id')
      ? invalid('device.duplicate', `Device with oi_id '${facts.oiId ?? ''}' already exists`)
      : invalid('device.duplicate', `Device with serial number '${facts.serialNumber ?? ''}' already exists`);
  }
};

export class TypeormDeviceRepository implements DeviceRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  get #rows() {
    return this.#manager.getRepository(deviceSchema);
  }

  async find(id: number): Promise<Device | null> {
    const row = await this.#rows.findOneBy({ id });
    return row && toDevice(row);
  }

  async all(): Promise<Device[]> {
    return (await this.#rows.find({ order: { id: 'ASC' } })).map(toDevice);
  }

  async referringTo(fact: CatalogueFact, entryId: number): Promise<Device[]> {
    return (await this.#rows.find({ where: { [fact]: entryId }, order: { id: 'ASC' } })).map(toDevice);
  }

  add(facts: DeviceFacts, at: Instant, by: number | null = null): Promise<Device> {
    return refusingDuplicates(facts, async () => {
      const written = { version: 1, createdAt: at, updatedAt: at, createdBy: by, updatedBy: by };
      const row = { ...toColumns(facts), ...written };
      const { identifiers } = await this.#rows.insert(row);
      return toDevice({ ...row, id: Number(identifiers[0]?.id) });
    });
  }

  async update(id: number, facts: DeviceFacts, at: Instant, by: number | null = null): Promise<void> {
    const row = { ...toColumns(facts), updatedAt: at, updatedBy: by, version: () => 'version + 1' };
    await refusingDuplicates(facts, () => this.#rows.update({ id }, row));
  }

  async touch(id: number, at: Instant, by: number | null): Promise<void> {
    await this.#rows.update({ id }, { updatedAt: at, updatedBy: by, version: () => 'version + 1' });
  }

  async remove(id: number): Promise<void> {
    await this.#rows.delete({ id });
    await this.#manager.query('DELETE FROM device_tags WHERE device_id = ?', [id]);
    await this.#manager.query('DELETE FROM maintenance_windows WHERE device_id = ?', [id]);
    await this.#manager.query('DELETE FROM attachments WHERE device_id = ?', [id]);
    await this.#manager.query('DELETE FROM links WHERE a_device_id = ? OR b_device_id = ?', [id, id]);
    await this.#manager.query('DELETE FROM device_health WHERE device_id = ?', [id]);
  }

  async claimThings(names: readonly ThingName[]): Promise<Device[]> {
    if (isMysql(this.#manager)) await this.#lock(names);
    const found = new Map<number, Device>();
    for (const { typeId, name } of names) {
      for (const row of await this.#rows.findBy({ typeId, nameKey: nameKey(name) })) found.set(row.id, toDevice(row));
    }
    return [...found.values()].sort((a, b) => a.id - b.id);
  }

  async withManagementIp(ip: string): Promise<Device[]> {
    return (await this.#rows.find({ where: { managementIp: ip }, order: { id: 'ASC' } })).map(toDevice);
  }

  /** Types first, then rows, both by id: everybody locks in this order, so nobody waits in a circle. */
  async #lock(names: readonly ThingName[]): Promise<void> {
    for (const part of inParts([...new Set(names.map(({ typeId }) => typeId))].sort((a, b) => a - b))) {
      await rowsOf(
        this.#manager,
        `SELECT id FROM device_types WHERE id IN (${marks(part)}) ORDER BY id FOR UPDATE`,
        part,
      );
    }
    const ids = new Set<number>();
    for (const { typeId, name } of names) {
      const sql = 'SELECT id FROM devices WHERE device_type_id = ? AND name_key = ?';
      for (const row of await rowsOf<{ id: number }>(this.#manager, sql, [typeId, nameKey(name)])) ids.add(row.id);
    }
    for (const part of inParts([...ids].sort((a, b) => a - b))) {
      await rowsOf(this.#manager, `SELECT id FROM devices WHERE id IN (${marks(part)}) ORDER BY id FOR UPDATE`, part);
    }
  }
}

import type {
  FedDevice,
  LastReading,
  NewPdu,
  NewPowerCommand,
  OutletRecord,
  OutletWord,
  OutletsOf,
  Pdu,
  PduIdentity,
  PowerCommand,
  PowerRepository,
  PowerView,
} from '../../application/power/index.js';
import {
  invalid,
  nameKey,
  overlaps,
  type BookedTime,
  type Device,
  type Instant,
  type TimeSlot,
} from '../../domain/index.js';
import type { LabState, NextId, Tables } from './tables.js';

const key = (pduId: number, number: number): string => `${pduId}/${number}`;

const isOf =
  (of: OutletsOf | undefined) =>
  ({ pduId, deviceId }: OutletRecord): boolean => {
    if (!of) return true;
    return 'pduIds' in of ? of.pduIds.includes(pduId) : deviceId !== null && of.deviceIds.includes(deviceId);
  };

export class MemoryPower implements PowerRepository {
  readonly #tables: Tables;
  readonly #nextId: NextId;

  constructor(tables: Tables, nextId: NextId) {
    this.#tables = tables;
    this.#nextId = nextId;
  }

  async pdus(): Promise<Pdu[]> {
    return [...this.#tables.pdus.values()].sort((a, b) => a.id - b.id);
  }

  async outlets(of?: OutletsOf): Promise<OutletRecord[]> {
    return [...this.#tables.powerOutlets.values()]
      .filter(isOf(of))
      .sort((a, b) => a.pduId - b.pduId || a.number - b.number);
  }

  async words(pduId: number): Promise<OutletWord[]> {
    return [...this.#tables.powerWords.values()]
      .filter((word) => word.pduId === pduId)
      .sort((a, b) => a.number - b.number);
  }

  async openCommands(): Promise<PowerCommand[]> {
    return [...this.#tables.powerCommands.values()].filter(({ state }) => state !== 'done').sort((a, b) => a.id - b.id);
  }

  async command(id: number): Promise<PowerCommand | null> {
    return this.#tables.powerCommands.get(id) ?? null;
  }

  async addPdu(pdu: NewPdu): Promise<Pdu> {
    for (const other of this.#tables.pdus.values()) {
      if (nameKey(other.name) === nameKey(pdu.name)) {
        throw invalid('pdu.duplicate', 'PDU with this name already exists');
      }
      if (other.host === pdu.host && other.port === pdu.port) {
        throw invalid('pdu.duplicate', 'PDU with this IP already exists');
      }
    }
    const added: Pdu = { ...pdu, id: this.#nextId(), identity: null };
    this.#tables.pdus.set(added.id, added);
    return added;
  }

  async setIdentity(pduId: number, identity: PduIdentity | null): Promise<void> {
    const pdu = this.#tables.pdus.get(pduId);
    if (pdu) this.#tables.pdus.set(pduId, { ...pdu, identity });
  }

  async removePdu(id: number): Promise<void> {
    const { pdus, powerOutlets, powerReadings, powerWords, powerCommands } = this.#tables;
    pdus.delete(id);
    powerReadings.delete(id);
    for (const [at, { pduId }] of powerOutlets) if (pduId === id) powerOutlets.delete(at);
    for (const [at, { pduId }] of powerWords) if (pduId === id) powerWords.delete(at);
    for (const [at, { pduId }] of powerCommands) if (pduId === id) powerCommands.delete(at);
  }

  async outlet(pduId: number, number: number): Promise<OutletRecord | null> {
    return this.#tables.powerOutlets.get(key(pduId, number)) ?? null;
  }

  async saveOutlet(outlet: OutletRecord): Promise<void> {
    this.#tables.powerOutlets.set(key(outlet.pduId, outlet.number), outlet);
  }

  async saveReadings(readings: readonly LastReading[]): Promise<void> {
    for (const reading of readings) {
      // One of a PDU that was removed meanwhile is nobody's.
      if (this.#tables.pdus.has(reading.pduId)) this.#tables.powerReadings.set(reading.pduId, reading);
    }
  }

  async say(word: OutletWord & { readonly by: string }): Promise<void> {
    this.#tables.powerWords.set(key(word.pduId, word.number), word);
  }

  async askFor(wish: Omit<OutletWord, 'by'>): Promise<boolean> {
    const at = key(wish.pduId, wish.number);
    const last = this.#tables.powerWords.get(at);
    const isSo = last !== undefined && last.by !== null && last.to === wish.to;
    if (isSo || !this.#tables.pdus.has(wish.pduId)) return false;
    this.#tables.powerWords.set(at, { ...wish, by: null });
    return true;
  }

  async addCommand(command: NewPowerCommand): Promise<PowerCommand> {
    const added: PowerCommand = {
      ...command,
      ...{ id: this.#nextId(), state: 'waiting', step: null, attempts: 0, outcome: null, before: null, after: null },
      ...{ problem: null, sentAt: null, restUntil: null, finishedAt: null },
    };
    this.#tables.powerCommands.set(added.id, added);
    return added;
  }

  async saveCommand(command: PowerCommand): Promise<void> {
    if (this.#tables.powerCommands.has(command.id)) this.#tables.powerCommands.set(command.id, command);
  }

  async removeDoneBefore(instant: Instant): Promise<void> {
    for (const { id, state, finishedAt } of this.#tables.powerCommands.values()) {
      if (state === 'done' && finishedAt !== null && finishedAt < instant) this.#tables.powerCommands.delete(id);
    }
  }
}

const NEVER_ASKED: NextId = () => {
  throw new Error('a view adds nothing');
};

export class MemoryPowerView implements PowerView {
  readonly #lab: LabState;

  constructor(lab: LabState) {
    this.#lab = lab;
  }

  pdus() {
    return this.#power.pdus();
  }

  outlets(of?: OutletsOf) {
    return this.#power.outlets(of);
  }

  async readings(): Promise<LastReading[]> {
    return [...this.#lab.tables.powerReadings.values()].sort((a, b) => a.pduId - b.pduId);
  }

  words(pduId: number) {
    return this.#power.words(pduId);
  }

  openCommands() {
    return this.#power.openCommands();
  }

  command(id: number) {
    return this.#power.command(id);
  }

  async devices(rowIds: readonly number[], window: TimeSlot): Promise<FedDevice[]> {
    return [...new Set(rowIds)].sort((a, b) => a - b).flatMap((id) => this.#fed(id, window));
  }

  get #power(): MemoryPower {
    return new MemoryPower(this.#lab.tables, NEVER_ASKED);
  }

  #fed(id: number, window: TimeSlot): FedDevice[] {
    const { devices, deviceTypes, maintenance } = this.#lab.tables;
    const device = devices.get(id);
    if (!device) return [];
    const isSibling = (other: Device) => other.typeId === device.typeId && nameKey(other.name) === nameKey(device.name);
    const siblings = [...devices.values()].filter(isSibling).map((row) => row.id);
    const thingId = Math.min(...siblings);
    return [
      {
        ...{ id, thingId, name: device.name, status: device.status, managementIp: device.managementIp },
        type: deviceTypes.get(device.typeId)?.name ?? '',
        bookings: this.#bookings(thingId, window),
        maintenance: [...maintenance.values()]
          .filter(({ deviceId, slot }) => siblings.includes(deviceId) && overlaps(slot, window))
          .sort((a, b) => a.slot.start - b.slot.start)
          .map(({ slot, reason }) => ({ slot, reason })),
      },
    ];
  }

  #bookings(thingId: number, window: TimeSlot): BookedTime[] {
    const { bookings, users } = this.#lab.tables;
    return [...bookings.values()]
      .filter(({ deviceId, slot }) => deviceId === thingId && overlaps(slot, window))
      .filter(({ status }) => status !== 'PENDING' && status !== 'CONFLICTING')
      .sort((a, b) => a.slot.start - b.slot.start || a.id - b.id)
      .map(({ id, deviceId, ownerId, collaboratorIds, slot, status, updatedAt }) => ({
        ...{ bookingId: id, deviceId, ownerId, slot, status, changedAt: updatedAt },
        ownerUsername: users.get(ownerId)?.user.username ?? '',
        collaboratorIds: [...collaboratorIds].sort((a, b) => a - b),
      }));
  }
}

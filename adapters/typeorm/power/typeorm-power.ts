import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { In, IsNull, LessThan, Not } from 'typeorm';
import type {
  LastReading,
  NewPdu,
  NewPowerCommand,
  OutletRecord,
  OutletWord,
  OutletsOf,
  Pdu,
  PduIdentity,
  PduProblem,
  PduReading,
  PowerCommand,
  PowerRepository,
} from '../../../application/power/index.js';
import { invalid, nameKey, type HandSwitch, type Instant, type ManualHold } from '../../../domain/index.js';
import { inParts, isDuplicate, isDuplicateOf } from '../sql.js';
import {
  commandSchema,
  outletSchema,
  pduSchema,
  readingSchema,
  wordSchema,
  type CommandRow,
  type OutletRow,
  type PduRow,
  type ReadingRow,
} from './schemas.js';

const LONGEST_REASON = 1000;

const jsonOf = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const fromJson = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

const toPdu = ({ nameKey: _, identity, ...row }: PduRow): Pdu => ({
  ...row,
  identity: fromJson(identity) as PduIdentity | null,
});

const toOutlet = ({ hold, hand, ...row }: OutletRow): OutletRecord => ({
  ...row,
  hold: fromJson(hold) as ManualHold | null,
  hand: fromJson(hand) as HandSwitch | null,
});

const toReading = ({ reading, problem, ...row }: ReadingRow): LastReading => ({
  ...row,
  reading: fromJson(reading) as PduReading | null,
  problem: fromJson(problem) as PduProblem | null,
});

const toCommand = ({ actorId, actorName, actorRole, problem, ...row }: CommandRow): PowerCommand => ({
  ...row,
  actor: { id: actorId, name: actorName, role: actorRole },
  problem: fromJson(problem) as PduProblem | null,
});

/** Power in one transaction, or in none. */
export class TypeormPower implements PowerRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async pdus(): Promise<Pdu[]> {
    return (await this.#manager.getRepository(pduSchema).find({ order: { id: 'ASC' } })).map(toPdu);
  }

  async outlets(of?: OutletsOf): Promise<OutletRecord[]> {
    const found: OutletRow[] = [];
    for (const where of partsOf(of)) found.push(...(await this.#manager.getRepository(outletSchema).find({ where })));
    return found.sort((a, b) => a.pduId - b.pduId || a.number - b.number).map(toOutlet);
  }

  async readings(): Promise<LastReading[]> {
    return (await this.#manager.getRepository(readingSchema).find({ order: { pduId: 'ASC' } })).map(toReading);
  }

  words(pduId: number): Promise<OutletWord[]> {
    return this.#manager.getRepository(wordSchema).find({ where: { pduId }, order: { number: 'ASC' } });
  }

  async openCommands(): Promise<PowerCommand[]> {
    const rows = await this.#manager
      .getRepository(commandSchema)
      .find({ where: { state: In(['waiting', 'sent', 'resting']) }, order: { id: 'ASC' } });
    return rows.map(toCommand);
  }

  async command(id: number): Promise<PowerCommand | null> {
    const row = await this.#manager.getRepository(commandSchema).findOne({ where: { id } });
    return row && toCommand(row);
  }

  async addPdu(pdu: NewPdu): Promise<Pdu> {
    const row = { ...pdu, nameKey: nameKey(pdu.name), identity: null };
    try {
      const { identifiers } = await this.#manager.getRepository(pduSchema).insert(row);
      return { ...pdu, id: Number(identifiers[0]?.id), identity: null };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw isDuplicateOf(error, 'name_key', 'ux_pdus_name')
        ? invalid('pdu.duplicate', 'PDU with this name already exists')
        : invalid('pdu.duplicate', 'PDU with this IP already exists');
    }
  }

  async setIdentity(pduId: number, identity: PduIdentity | null): Promise<void> {
    await this.#manager.getRepository(pduSchema).update({ id: pduId }, { identity: jsonOf(identity) });
  }

  async removePdu(id: number): Promise<void> {
    await this.#manager.getRepository(commandSchema).delete({ pduId: id });
    await this.#manager.getRepository(readingSchema).delete({ pduId: id });
    await this.#manager.getRepository(wordSchema).delete({ pduId: id });
    await this.#manager.getRepository(outletSchema).delete({ pduId: id });
    await this.#manager.getRepository(pduSchema).delete({ id });
  }

  async outlet(pduId: number, number: number): Promise<OutletRecord | null> {
    const row = await this.#manager.getRepository(outletSchema).findOne({ where: { pduId, number } });
    return row && toOutlet(row);
  }

  async saveOutlet({ hold, hand, ...outlet }: OutletRecord): Promise<void> {
    const row = { ...outlet, hold: jsonOf(hold), hand: jsonOf(hand) };
    await this.#manager.getRepository(outletSchema).upsert(row, ['pduId', 'number']);
  }

  async saveReadings(readings: readonly LastReading[]): Promise<void> {
    if (readings.length === 0) return;
    // One of a PDU that was removed meanwhile is nobody's.
    const ids = readings.map(({ pduId }) => pduId);
    const there = await this.#manager.getRepository(pduSchema).find({ select: { id: true }, where: { id: In(ids) } });
    const known = new Set(there.map(({ id }) => id));
    const rows = readings
      .filter(({ pduId }) => known.has(pduId))
      .map(({ reading, problem, ...row }) => ({ ...row, reading: jsonOf(reading), problem: jsonOf(problem) }));
    if (rows.length > 0) await this.#manager.getRepository(readingSchema).upsert(rows, ['pduId']);
  }

  async say(word: OutletWord & { readonly by: string }): Promise<void> {
    await this.#manager.getRepository(wordSchema).upsert({ ...word }, ['pduId', 'number']);
  }

  async askFor({ pduId, number, to, at }: Omit<OutletWord, 'by'>): Promise<boolean> {
    const words = this.#manager.getRepository(wordSchema);
    if (!(await this.#manager.getRepository(pduSchema).existsBy({ id: pduId }))) return false;
    const wish = { to, by: null, at };
    await words
      .createQueryBuilder()
      .insert()
      .values({ pduId, number, ...wish })
      .orIgnore()
      .execute();
    // Judged by the statement that writes: what a transaction has read may have been said otherwise since.
    const { affected } = await words.update(
      [
        { pduId, number, by: IsNull() },
        { pduId, number, to: Not(to) },
      ],
      wish,
    );
    return (affected ?? 0) > 0;
  }

  async addCommand({ actor, reason, ...command }: NewPowerCommand): Promise<PowerCommand> {
    const row = {
      ...command,
      ...{ actorId: actor.id, actorName: actor.name, actorRole: actor.role, reason: reason.slice(0, LONGEST_REASON) },
      ...{ state: 'waiting' as const, step: null, attempts: 0, outcome: null, before: null, after: null },
      ...{ problem: null, sentAt: null, restUntil: null, finishedAt: null },
    };
    const { identifiers } = await this.#manager.getRepository(commandSchema).insert(row);
    return toCommand({ ...row, id: Number(identifiers[0]?.id) });
  }

  async saveCommand(command: PowerCommand): Promise<void> {
    const { id, state, step, attempts, outcome, before, after, problem, sentAt, restUntil, finishedAt } = command;
    await this.#manager
      .getRepository(commandSchema)
      .update(
        { id },
        { state, step, attempts, outcome, before, after, problem: jsonOf(problem), sentAt, restUntil, finishedAt },
      );
  }

  async removeDoneBefore(instant: Instant): Promise<void> {
    await this.#manager.getRepository(commandSchema).delete({ state: 'done', finishedAt: LessThan(instant) });
  }
}

const partsOf = (of: OutletsOf | undefined): FindOptionsWhere<OutletRow>[] => {
  if (!of) return [{}];
  return 'pduIds' in of
    ? inParts(of.pduIds).map((ids) => ({ pduId: In(ids) }))
    : inParts(of.deviceIds).map((ids) => ({ deviceId: In(ids) }));
};

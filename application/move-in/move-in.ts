import { conflict, invalid, type DomainError, type Instant } from '../../domain/index.js';
import {
  OLD_TABLES,
  surveyOldLab,
  type Figures,
  type MovedPaper,
  type MovedUser,
  type MoveLine,
  type MoveTotals,
  type OldPassword,
  type OldOverlap,
  type OldTable,
} from './rules/index.js';
import type { PasswordHasher, TokenDigest } from '../identity/ports.js';
import type { CredentialVault } from '../power/index.js';
import { auditActorOf, SYSTEM } from '../shared/audit-actor.js';
import type { AuditEntry, Clock } from '../shared/ports.js';
import type { MovedAccount } from './moved-lab.js';
import { surveyPdus } from './move-pdus.js';
import { namingRows } from './naming-rows.js';
import { mistakesInPdus } from './pdu-mistakes.js';
import { planMove, type MoveTerms, type OldHome } from './plan-move.js';
import { MOVED_IN, type NewHome } from './ports.js';

/**
 * What came of it: `moved`; `would-move` where it was only asked; `moved-before` where this very lab is there already,
 * and nothing was done.
 */
export type MoveOutcome = 'moved' | 'would-move' | 'moved-before';

export interface MoveReport {
  readonly outcome: MoveOutcome;
  /** When the lab moved in, or when it was asked. */
  readonly at: Instant;
  /** What would keep it from moving, each a sentence; only where it was asked. */
  readonly hindrances: readonly string[];
  /** What the old lab holds. */
  readonly survey: Readonly<Record<string, Figures>>;
  readonly totals: Readonly<Record<OldTable | 'pdus' | 'outlets', MoveTotals>>;
  readonly overlaps: readonly OldOverlap[];
  readonly lines: readonly MoveLine[];
  /** Files of the old server that belong to the moved lab. */
  readonly papers: readonly MovedPaper[];
}

/** Moves an old lab into an empty one: everything in one transaction, or nothing. */
export class MoveIn {
  readonly #home: NewHome;
  readonly #hasher: PasswordHasher;
  readonly #vault: CredentialVault;
  readonly #digest: TokenDigest;
  readonly #clock: Clock;
  readonly #terms: MoveTerms;

  constructor(
    home: NewHome,
    hasher: PasswordHasher,
    vault: CredentialVault,
    digest: TokenDigest,
    clock: Clock,
    terms: MoveTerms,
  ) {
    this.#home = home;
    this.#hasher = hasher;
    this.#vault = vault;
    this.#digest = digest;
    this.#clock = clock;
    this.#terms = terms;
  }

  /**
   * Safe to repeat: the same lab is not moved twice.
   * @param dryRun whether it is only to be told what would be done; nothing is written then.
   * @throws DomainError `move-in.changed-since` when another state of an old lab moved in before, `move-in.not-empty`
   * when something else is there, `move-in.pdu-mistakes` when the file of the PDUs says what cannot be kept.
   */
  async execute(old: OldHome, dryRun = false): Promise<MoveReport> {
    const now = this.#clock.now();
    const { plan, survey: surveyed } = namingRows((rowsOf) => {
      const plan = planMove(old, this.#terms, now, this.#vault, this.#digest, rowsOf);
      return { plan, survey: surveyOldLab(plan.sound, this.#terms.zone, now) };
    });
    const { papers, overlaps, log } = plan;
    const totals = { ...log.totals(old.lab), pdus: plan.power.pduTotals, outlets: plan.power.outletTotals };
    const names = plan.lab.devices.map(({ name }) => name);
    const tables = Object.fromEntries(OLD_TABLES.map((table) => [table, old.lab[table].length]));
    const survey = { ...surveyed, tables, pdus: surveyPdus(old.pdus, names) };
    const found = { survey, totals, overlaps, lines: log.lines, papers };

    const fingerprint = this.#digest(JSON.stringify([old.lab, old.pdus, this.#terms.zone.name]));
    const mark = await this.#home.lastMove();
    if (mark?.fingerprint === fingerprint) return { outcome: 'moved-before', at: mark.at, hindrances: [], ...found };
    const refusals = [...(mark ? [changedSince()] : await this.#occupied()), ...mistaken(mistakesInPdus(old.pdus))];
    const hindrances = refusals.flatMap(({ message }) => message.split('\n'));
    if (dryRun) return { outcome: 'would-move', at: now, hindrances, ...found };
    const [refusal] = refusals;
    if (refusal) throw refusal;

    const accounts = await this.#accountsOf(plan.people);
    const audit = [...plan.lab.audit, markOf(now, fingerprint, totals)];
    await this.#home.fill({ ...plan.lab, accounts, audit });
    return { outcome: 'moved', at: now, hindrances: [], ...found };
  }

  async #occupied(): Promise<DomainError[]> {
    const there = await this.#home.inTheWay();
    return there.length === 0 ? [] : [notEmpty(there)];
  }

  async #accountsOf(people: readonly MovedUser[]): Promise<MovedAccount[]> {
    const accounts: MovedAccount[] = [];
    for (const { user, password, approvalLimits } of people) {
      accounts.push({ user, passwordHash: await this.#hashOf(password), approvalLimits });
    }
    return accounts;
  }

  /** @returns for no password a text that is no hash of any. */
  async #hashOf(password: OldPassword): Promise<string> {
    if (password.form === 'none') return 'none';
    return password.form === 'bcrypt' ? password.hash : this.#hasher.hash(password.secret);
  }
}

const changedSince = () =>
  conflict(
    'move-in.changed-since',
    'An old lab moved in before, and it was not this one, or it was changed since. Move into an empty database.',
  );

const mistaken = (mistakes: readonly string[]): DomainError[] =>
  mistakes.length === 0 ? [] : [invalid('move-in.pdu-mistakes', mistakes.join('\n'), { mistakes })];

/** @param there what is in the way, as words. */
export const notEmpty = (there: readonly string[]) =>
  conflict(
    'move-in.not-empty',
    `A lab moves into an empty database, since it keeps its ids. There are ${there.join(', ')} in this one.`,
    { there },
  );

const markOf = (at: Instant, fingerprint: string, totals: MoveReport['totals']): AuditEntry => ({
  ...{ at, actor: auditActorOf(SYSTEM), action: MOVED_IN, entityType: 'lab', entityId: null, entityLabel: null },
  message: 'The old lab moved in',
  metadata: { fingerprint, totals },
});

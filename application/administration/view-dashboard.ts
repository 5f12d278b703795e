import { addToDate, assertMay, DAY, type Actor, type KeptEntry, type LabZone } from '../../domain/index.js';
import type { AuditRecords } from '../audit/ports.js';
import type { Clock } from '../shared/ports.js';
import type { ReviewListing, TopologyLists } from '../topology/ports.js';
import type { Figures, LabFigures, Moments } from './ports.js';

/** What those who run the lab see first. */
export interface Dashboard extends Figures {
  /** The latest first. */
  readonly recentDeeds: readonly KeptEntry[];
  /** Topologies that nobody is done with and that lack devices, the newest first. */
  readonly lackingTopologies: readonly ReviewListing[];
}

const RECENT = 20;
const EVERYTHING = { action: null, entityType: null, actor: null, from: null, to: null };
const MOST_LACKING = 10;

/** What needs those who run the lab, at a glance. */
export class ViewDashboard {
  readonly #figures: LabFigures;
  readonly #records: Pick<AuditRecords, 'before'>;
  readonly #topologies: Pick<TopologyLists, 'reviews'>;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(
    figures: LabFigures,
    records: Pick<AuditRecords, 'before'>,
    topologies: Pick<TopologyLists, 'reviews'>,
    clock: Clock,
    zone: LabZone,
  ) {
    this.#figures = figures;
    this.#records = records;
    this.#topologies = topologies;
    this.#clock = clock;
    this.#zone = zone;
  }

  /**
   * As of now, in lab days.
   * @throws DomainError `permission.denied` unless the actor may read bookings, devices, users and logs.
   */
  async execute(actor: Actor): Promise<Dashboard> {
    for (const capability of ['bookings:read', 'devices:read', 'users:read', 'logs:read'] as const) {
      assertMay(actor, capability);
    }
    const figures = await this.#figures.count(this.#moments());
    const open = await this.#topologies.reviews(['submitted', 'checked']);
    return {
      ...figures,
      recentDeeds: await this.#records.before(EVERYTHING, null, RECENT),
      lackingTopologies: open.filter(({ conflictCount }) => conflictCount > 0).slice(0, MOST_LACKING),
    };
  }

  #moments(): Moments {
    const now = this.#clock.now();
    const today = this.#zone.dateOf(now);
    const start = this.#zone.startOfDate(today);
    return {
      now,
      today: { start, end: this.#zone.startOfDate(addToDate(today, 1)) },
      week: { start, end: this.#zone.startOfDate(addToDate(today, 7)) },
      weekAgo: now - 7 * DAY,
      twoWeeksAgo: now - 14 * DAY,
    };
  }
}

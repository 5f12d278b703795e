import { addToDate, assertMay, DAY, type Actor, type LabZone } from '../../domain/index.js';
import type { AuditEntry, Clock } from '../shared/ports.js';
import type { ReviewListing, TopologyLists } from '../topology/ports.js';
import type { Figures, LabFigures, Moments } from './ports.js';

export interface Dashboard extends Figures {
  /** The latest first. */
  readonly recentDeeds: readonly (AuditEntry & { readonly id: number })[];
  /** Topologies that nobody is done with and that lack devices, the newest first. */
  readonly lackingTopologies: readonly ReviewListing[];
}

const RECENT = 20;
const MOST_LACKING = 10;

/** What needs those who run the lab, at a glance. */
export class ViewDashboard {
  readonly #figures: LabFigures;
  readonly #topologies: Pick<TopologyLists, 'reviews'>;
  readonly #clock: Clock;
  readonly #zone: LabZone;

  constructor(figures: LabFigures, topologies: Pick<TopologyLists, 'reviews'>, clock: Clock, zone: LabZone) {
    this.#figures = figures;
    this.#topologies = topologies;
    this.#clock = clock;
    this.#zone = zone;
  }

  async execute(actor: Actor): Promise<Dashboard> {
    for (const capability of ['bookings:read', 'devices:read', 'users:read', 'logs:read'] as const) {
      assertMay(actor, capability);
    }
    const figures = await this.#figures.count(this.#moments());
    const open = await this.#topologies.reviews(['submitted', 'checked']);
    return {
      ...figures,
      recentDeeds: await this.#figures.recentDeeds(RECENT),
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

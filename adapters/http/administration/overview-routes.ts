import { z } from 'zod';
import {
  SEARCH_SCOPES,
  type Dashboard,
  type SearchLab,
  type SearchScope,
  type ViewDashboard,
} from '../../../application/administration/index.js';
import { invalid, isoOf, legacyStatusOf } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { isoText, text } from '../shared/fields.js';
import { ActivityReply, activityReply } from './activity-reply.js';
import { wordList } from './queries.js';

export interface OverviewUseCases {
  readonly viewDashboard: ViewDashboard;
  readonly searchLab: SearchLab;
}

const CardReply = z.object({
  id: z.enum(['pending_approvals', 'conflicts', 'active_users', 'new_signups', 'sla_breaches']),
  label: z.string(),
  value: z.int(),
  /** Against a week ago; null where nobody knows how it was then. */
  delta: z.int().nullable(),
  delta_direction: z.enum(['up', 'down']).nullable(),
  hint: z.string(),
});

type Card = z.input<typeof CardReply>;

const card = (id: Card['id'], label: string, hint: string, value: number, delta: number | null = null): Card => ({
  ...{ id, label, hint, value, delta },
  delta_direction: delta === null || delta === 0 ? null : delta > 0 ? 'up' : 'down',
});

const cardsOf = ({ bookings, accounts }: Dashboard): Card[] => [
  card(
    'pending_approvals',
    'Pending approvals',
    'Bookings that await a decision, against a week ago',
    bookings.undecided,
    bookings.undecided - bookings.undecidedWeekAgo,
  ),
  card('conflicts', 'Conflicts', 'Of these, bookings that others contend for', bookings.contending),
  card(
    'active_users',
    'Active users',
    'Accounts that are not disabled, and how many of all accounts are new this week',
    accounts.active,
    accounts.madeThisWeek,
  ),
  card(
    'new_signups',
    'New sign-ups',
    'Accounts made in the last seven days, against the seven days before',
    accounts.madeThisWeek,
    accounts.madeThisWeek - accounts.madeTheWeekBefore,
  ),
  card('sla_breaches', 'Overdue decisions', 'Bookings that have begun and still await a decision', bookings.overdue),
];

const DashboardReply = z
  .object({
    cards: z.array(CardReply),
    device_counts: z.object({ total: z.int(), active: z.int(), maintenance: z.int(), offline: z.int() }),
    today_bookings: z.int(),
    week_bookings: z.int(),
    recent_activity: z.array(ActivityReply),
    topology_conflicts: z.array(
      z.object({
        topology_id: z.int(),
        name: z.string(),
        conflict_count: z.int(),
        submitted_by: z.string(),
        last_updated: isoText,
      }),
    ),
  })
  .openapi('Dashboard');

const countsOf = ({ devices }: Dashboard) => {
  const counts = { Available: 0, Maintenance: 0, Unavailable: 0 };
  for (const [status, rows] of devices) counts[legacyStatusOf(status)] += rows;
  const { Available: active, Maintenance: maintenance, Unavailable: offline } = counts;
  return { total: active + maintenance + offline, active, maintenance, offline };
};

const FoundReply = z.object({ id: z.int(), label: z.string() });

const scopesOf = (wanted: readonly string[] = []): SearchScope[] => {
  const all = [...SEARCH_SCOPES];
  const named = wanted.map((word) => word.trim().toLowerCase()).filter((word) => word !== 'all');
  const unknown = named.find((word) => !all.some((scope) => scope === word));
  if (unknown !== undefined) {
    throw invalid('search.unknown-scope', `'${unknown.slice(0, 40)}' cannot be searched. Allowed: ${all.join(', ')}.`);
  }
  return named.length === 0 ? all : all.filter((scope) => named.includes(scope));
};

const tag = 'Administration';

/** The lab at a glance, and everything in it by name. */
export const overviewRoutes = (api: Api, { viewDashboard, searchLab }: OverviewUseCases): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/dashboard'],
      tag,
      summary: 'What needs those who run the lab',
      refusals: [403],
      reply: {
        status: 200,
        schema: DashboardReply,
        description:
          'Counted now; `today_bookings` and `week_bookings` touch today, or one of seven lab days from today on',
      },
      handle: async (_input, { caller }) => {
        const dashboard = await viewDashboard.execute(caller);
        return {
          cards: cardsOf(dashboard),
          device_counts: countsOf(dashboard),
          today_bookings: dashboard.bookings.today,
          week_bookings: dashboard.bookings.week,
          recent_activity: dashboard.recentDeeds.map(activityReply),
          topology_conflicts: dashboard.lackingTopologies.map((review) => ({
            topology_id: review.topologyId,
            name: review.topologyName,
            conflict_count: review.conflictCount,
            submitted_by: review.submitterName,
            last_updated: isoOf(review.changedAt),
          })),
        };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/admin/v2/search'],
      tag,
      summary: 'Bookings, devices, people and saved topologies by name',
      query: z.object({
        q: text(200)
          .transform((value) => value.trim())
          .refine((value) => value.length >= 2, { message: 'needs two characters at least' }),
        scope: wordList,
      }),
      refusals: [400, 403],
      reply: {
        status: 200,
        schema: z.object({
          bookings: z.array(FoundReply),
          devices: z.array(FoundReply),
          users: z.array(FoundReply.extend({ email: z.string().nullable() })),
          topologies: z.array(FoundReply),
        }),
        description: 'The first of each kind, or of the kinds that `scope` names; addresses for those who may see them',
      },
      handle: async ({ query }, { caller }) => {
        const found = await searchLab.execute(caller, query.q, scopesOf(query.scope));
        return {
          ...{ bookings: [...found.bookings], devices: [...found.devices] },
          ...{ users: [...found.users], topologies: [...found.topologies] },
        };
      },
    });

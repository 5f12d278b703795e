import { settle, wasDone, type Mutation, type Step } from './mutation.js';

type Verdict = 'CONFIRMED' | 'REJECTED';

interface OutcomeBody {
  readonly succeeded: readonly number[];
  readonly failed: readonly { readonly id: number }[];
}

const someVerdict = ({ dice }: Step): Verdict => (dice.chance(70) ? 'CONFIRMED' : 'REJECTED');

const MOST = 4;

/** Decides about several at once; each is done or refused by itself, all in one transaction. */
const decideSeveral = async (
  step: Step,
  verdictOf: (index: number) => Verdict,
  call: (decisions: readonly { readonly id: number; readonly verdict: Verdict }[]) => { path: string; body: object },
): Promise<void> => {
  const { world, dice } = step;
  const ids = new Set<number>();
  for (let n = 0; n < MOST; n += 1) {
    const found = world.ledger.bookings.recent(dice.below(1000));
    if (found) ids.add(found.id);
  }
  if (ids.size === 0) return;
  const decisions = [...ids].map((id, index) => ({ id, verdict: verdictOf(index) }));
  const deeds = decisions.map(({ id, verdict }) => ({ id, deed: world.ledger.bookings.decides(id, verdict) }));
  const reply = await step.ask({ method: 'POST', ...call(decisions) }, [200]);
  const failed = new Set(wasDone(reply) ? (reply.body as OutcomeBody).failed.map(({ id }) => id) : []);
  for (const { id, deed } of deeds) {
    if (failed.has(id)) deed.refused();
    else settle(deed, reply);
  }
};

/** Saying yes and no. */
export const decisionMutations: readonly Mutation[] = [
  {
    name: 'decide about one',
    weight: 20,
    by: 'administrators',
    async act(step) {
      const { world, dice } = step;
      const found = world.ledger.bookings.recent(dice.below(1000));
      if (!found) return;
      const status = someVerdict(step);
      const deed = world.ledger.bookings.decides(found.id, status);
      const call = { method: 'PUT', path: `/admin/bookings/${found.id}`, body: { status } } as const;
      const reply = await step.ask(call, [200, 400, 404, 409]);
      settle(deed, reply);
    },
  },
  {
    name: 'approve several',
    weight: 8,
    by: 'administrators',
    act: (step) =>
      decideSeveral(
        step,
        () => 'CONFIRMED',
        (decisions) => ({
          path: '/admin/v2/bookings/approve',
          body: { booking_ids: decisions.map(({ id }) => id), comment: step.mark },
        }),
      ),
  },
  {
    name: 'decline several',
    weight: 3,
    by: 'administrators',
    act: (step) =>
      decideSeveral(
        step,
        () => 'REJECTED',
        (decisions) => ({ path: '/admin/v2/bookings/decline', body: { booking_ids: decisions.map(({ id }) => id) } }),
      ),
  },
  {
    name: 'resolve a conflict',
    weight: 5,
    by: 'administrators',
    act: (step) =>
      decideSeveral(
        step,
        (index) => (index === 0 ? 'CONFIRMED' : someVerdict(step)),
        (decisions) => ({
          path: '/admin/v2/bookings/conflicts/resolve',
          body: { resolution: decisions.map(({ id, verdict }) => ({ booking_id: id, status: verdict })) },
        }),
      ),
  },
];

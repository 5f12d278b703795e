import type { Instant, OutletState } from '../../domain/index.js';
import type { CommandOutcome, PduProblem, PowerCommand } from './power-records.js';

/** What has to be sent next for a command. */
export const stepOf = ({ order, state }: Pick<PowerCommand, 'order' | 'state'>): 'on' | 'off' =>
  order === 'on' || (order === 'cycle' && state === 'resting') ? 'on' : 'off';

/** As it is about to be sent. */
export const sentOf = (command: PowerCommand, before: OutletState, now: Instant): PowerCommand => ({
  ...command,
  state: 'sent',
  step: stepOf(command),
  attempts: stepOf(command) === 'on' ? command.attempts + 1 : command.attempts,
  before: command.before ?? before,
  sentAt: now,
});

/** A cycle whose outlet is off, or may be: from now on it leads to on, whatever happens. */
export const restingOf = (command: PowerCommand, restUntil: Instant): PowerCommand => ({
  ...command,
  state: 'resting',
  restUntil,
});

export const doneOf = (
  command: PowerCommand,
  outcome: CommandOutcome,
  after: OutletState | null,
  now: Instant,
  problem: PduProblem | null = null,
): PowerCommand => ({ ...command, state: 'done', outcome, after, problem, finishedAt: now });

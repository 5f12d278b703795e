import type { SolverCase } from '../../application/topology/ports.js';
import type { LabPart, RefusalKind, Turnarounds } from '../../domain/index.js';

export type Question = 'resolve' | 'earliest' | 'advise';

/** What the solver's thread is told, about one of several labs. */
export type Told =
  | { readonly lab: number; readonly tell: 'open'; readonly turnarounds: Turnarounds }
  | { readonly lab: number; readonly tell: 'part'; readonly part: LabPart }
  | { readonly lab: number; readonly tell: 'close' }
  | {
      readonly lab: number;
      readonly tell: 'ask';
      /** Which answer belongs to it. */
      readonly call: number;
      readonly question: Question;
      readonly about: Parameters<SolverCase[Question]>;
    };

/** An error that arrives as what it was. */
export interface SentError {
  /** Null for what is not a refusal. */
  readonly kind: RefusalKind | null;
  readonly code: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export type Answered =
  /** The question was waiting until now. */
  | { readonly call: number; readonly begins: true }
  | { readonly call: number; readonly answer: unknown }
  | { readonly call: number; readonly error: SentError };

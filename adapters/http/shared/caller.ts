import type { Request } from 'express';
import { DomainError, type User } from '../../../domain/index.js';

const callers = new WeakMap<Request, User>();

/** Remembers whose session the request came with. */
export const setCaller = (request: Request, user: User): void => {
  callers.set(request, user);
};

/** Who is asking; null for somebody who is not signed in. */
export const callerOf = (request: Request): User | null => callers.get(request) ?? null;

/** @throws DomainError `session.required` for somebody who is not signed in. */
export const signedInCallerOf = (request: Request): User => {
  const caller = callerOf(request);
  if (!caller) throw new DomainError('unauthenticated', 'session.required', 'Not authenticated');
  return caller;
};

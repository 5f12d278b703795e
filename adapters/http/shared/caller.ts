import type { Request } from 'express';
import { DomainError, type User, type Via } from '../../../domain/index.js';

/** A signed-in user together with the request that they make. */
export type Caller = User & { readonly via: Via };

const callers = new WeakMap<Request, Caller>();

/** Remembers whose session the request came with. */
export const setCaller = (request: Request, user: User): void => {
  callers.set(request, { ...user, via: viaOf(request) });
};

/** By which request something is done, and from where. */
export const viaOf = (request: Request): Via => ({
  requestId: String(request.res?.getHeader('x-request-id') ?? ''),
  address: request.ip ?? null,
});

/** Who is asking; null for somebody who is not signed in. */
export const callerOf = (request: Request): Caller | null => callers.get(request) ?? null;

/** @throws DomainError `session.required` for somebody who is not signed in. */
export const signedInCallerOf = (request: Request): Caller => {
  const caller = callerOf(request);
  if (!caller) throw new DomainError('unauthenticated', 'session.required', 'Not authenticated');
  return caller;
};

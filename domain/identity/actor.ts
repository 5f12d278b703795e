import { DomainError } from '../shared/index.js';
import { roleCan, type Capability, type Role } from './role.js';

/** Who is asking: the user of the session, as the use cases see them. */
export interface Actor {
  readonly id: number;
  readonly username: string;
  readonly role: Role;
  /** By which request, and from where; left out where there is none. */
  readonly via?: Via;
}

/** How a deed reached the lab. */
export interface Via {
  readonly requestId: string;
  /** Network address; null when it is not known. */
  readonly address: string | null;
}

/** Whether the actor's role carries the capability. */
export const may = (actor: Actor, capability: Capability): boolean => roleCan(actor.role, capability);

/** @throws DomainError `permission.denied` when the actor's role does not carry the capability. */
export const assertMay = (actor: Actor, capability: Capability): void => {
  if (!may(actor, capability)) {
    throw new DomainError('forbidden', 'permission.denied', 'Insufficient permissions', { required: capability });
  }
};

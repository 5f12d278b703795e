import { DomainError } from '../shared/index.js';
import { roleCan, type Capability, type Role } from './role.js';

/** Who is asking: the user of the session, as the use cases see them. */
export interface Actor {
  readonly id: number;
  readonly username: string;
  readonly role: Role;
}

export const may = (actor: Actor, capability: Capability): boolean => roleCan(actor.role, capability);

/** @throws DomainError `permission.denied` when the actor's role does not carry the capability. */
export const assertMay = (actor: Actor, capability: Capability): void => {
  if (!may(actor, capability)) {
    throw new DomainError('forbidden', 'permission.denied', 'Insufficient permissions', { required: capability });
  }
};

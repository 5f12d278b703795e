import type { Actor } from '../../domain/index.js';
import type { AuditActor } from './ports.js';

/** The lab itself, where nobody asked: start-up, background jobs, the command line. */
export const SYSTEM: Actor = { id: 0, username: 'system', role: 'Super Admin' };

export const auditActorOf = ({ id, username, role, via }: Actor): AuditActor =>
  id === SYSTEM.id ? { id: null, name: username, role: null } : { id, name: username, role, ...via };

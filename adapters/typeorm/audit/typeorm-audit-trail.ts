import type { EntityManager } from 'typeorm';
import type { AuditEntry, AuditTrail } from '../../../application/shared/ports.js';

const LONGEST_MESSAGE = 1000;
const LONGEST_LABEL = 200;

export class TypeormAuditTrail implements AuditTrail {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async append({ at, actor, action, entityType, entityId, entityLabel, message, metadata }: AuditEntry): Promise<void> {
    await this.#manager.query(
      `INSERT INTO audit_log
         (at, actor_id, actor_name, actor_role, action, entity_type, entity_id, entity_label, message, metadata,
          request_id, address)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        at,
        actor.id,
        actor.name,
        actor.role,
        action,
        entityType,
        entityId,
        entityLabel?.slice(0, LONGEST_LABEL) ?? null,
        message.slice(0, LONGEST_MESSAGE),
        JSON.stringify(metadata),
        actor.requestId ?? null,
        actor.address ?? null,
      ],
    );
  }
}

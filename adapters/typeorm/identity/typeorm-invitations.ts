import { LessThanOrEqual, type EntityManager } from 'typeorm';
import type { Invitation, Invitations } from '../../../application/identity/ports.js';
import type { Instant } from '../../../domain/index.js';
import { invitationSchema } from './schemas.js';

export class TypeormInvitations implements Invitations {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async add(invitation: Invitation): Promise<void> {
    await this.#manager.getRepository(invitationSchema).insert({ ...invitation });
  }

  async take(tokenDigest: string): Promise<Invitation | null> {
    const invitations = this.#manager.getRepository(invitationSchema);
    const row = await invitations.findOneBy({ tokenDigest });
    if (!row) return null;
    // The deletion decides between two who found it: it waits for the other and then has nothing to delete.
    const { affected } = await invitations.delete({ tokenDigest });
    return affected ? { ...row, id: row.id ?? '' } : null;
  }

  async removeOver(now: Instant): Promise<void> {
    await this.#manager.getRepository(invitationSchema).delete({ expiresAt: LessThanOrEqual(now) });
  }
}

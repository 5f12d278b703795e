import { In, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { People } from '../../../application/notification/ports.js';
import type { Role, User } from '../../../domain/index.js';
import { userSchema, type UserRow } from '../identity/schemas.js';
import { inParts } from '../sql.js';

export class TypeormPeople implements People {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async withIds(ids: readonly number[]): Promise<User[]> {
    const found: User[] = [];
    for (const part of inParts(ids)) found.push(...(await this.#active({ id: In(part) })));
    return found;
  }

  withRoles(roles: readonly Role[]): Promise<User[]> {
    return this.#active({ role: In([...roles]) });
  }

  async #active(condition: FindOptionsWhere<UserRow>): Promise<User[]> {
    const rows = await this.#manager
      .getRepository(userSchema)
      .find({ where: { ...condition, status: 'active' }, order: { id: 'ASC' } });
    return rows.map(({ id, username, email, discordId, role, status, createdAt }) => ({
      ...{ id, username, email, discordId, role, status, createdAt },
    }));
  }
}

import { assertMay, invalid, type Actor } from '../../domain/index.js';
import type { UserFinder } from '../booking/ports.js';
import {
  unknownOwner,
  type BulkOutcome,
  type ChangeTerms,
  type EditAssets,
  type TagDevices,
  type TagMode,
} from '../inventory/index.js';

/** Changes many devices at once, each by itself and by the same rules as one alone: one that fails does not keep the others. */
export class CareForDevices {
  readonly #assets: Pick<EditAssets, 'changeMany'>;
  readonly #tags: Pick<TagDevices, 'changeMany'>;
  readonly #users: UserFinder;

  constructor(assets: Pick<EditAssets, 'changeMany'>, tags: Pick<TagDevices, 'changeMany'>, users: UserFinder) {
    this.#assets = assets;
    this.#tags = tags;
    this.#users = users;
  }

  /**
   * @param status in either vocabulary.
   * @throws DomainError `device.none-named`, `device.unknown-status`.
   */
  setStatus(
    actor: Actor,
    ids: readonly number[],
    status: string,
    terms: Omit<ChangeTerms, 'seen'>,
  ): Promise<BulkOutcome> {
    assertSome(actor, ids);
    return this.#assets.changeMany(actor, ids, { status }, terms);
  }

  /**
   * @param ownerId null for nobody.
   * @throws DomainError `device.none-named`, `device.unknown-owner`.
   */
  async assignOwner(actor: Actor, ids: readonly number[], ownerId: number | null): Promise<BulkOutcome> {
    assertSome(actor, ids);
    if (ownerId !== null && !(await this.#users.find(ownerId))) throw unknownOwner();
    return this.#assets.changeMany(actor, ids, { ownerId });
  }

  /** @throws DomainError `device.none-named`. */
  tag(actor: Actor, ids: readonly number[], tags: readonly string[], mode: TagMode): Promise<BulkOutcome> {
    assertSome(actor, ids);
    return this.#tags.changeMany(actor, ids, tags, mode);
  }
}

const assertSome = (actor: Actor, ids: readonly number[]): void => {
  assertMay(actor, 'devices:write');
  if (ids.length === 0) throw invalid('device.none-named', 'No device IDs provided');
};

import { DAY, invalid, notFound, type Actor } from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock, IdSource } from '../shared/ports.js';
import type { TokenDigest } from '../identity/ports.js';
import type { AccessToken, AccessTokenDirectory, FeedSource, FeedWork, TokenScope } from './ports.js';

const MOST_TOKENS = 50;
/** As long as a session; a page that is left open longer asks for another. */
const LIVE_FOR = 7 * DAY;

/** Tokens that people make for their calendar programs and pages, and take back. */
export class KeepTokens {
  readonly #work: FeedWork;
  readonly #directory: AccessTokenDirectory;
  readonly #source: FeedSource;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #digest: TokenDigest;

  constructor(
    work: FeedWork,
    directory: AccessTokenDirectory,
    source: FeedSource,
    clock: Clock,
    ids: IdSource,
    digest: TokenDigest,
  ) {
    this.#work = work;
    this.#directory = directory;
    this.#source = source;
    this.#clock = clock;
    this.#ids = ids;
    this.#digest = digest;
  }

  /**
   * @returns the token with its secret, which is never told again.
   * @throws DomainError `token.no-device`, `token.unknown-device` or `token.too-many`.
   */
  async make(
    actor: Actor,
    scope: TokenScope,
    deviceId: number | null = null,
  ): Promise<{ readonly token: AccessToken; readonly secret: string }> {
    if (scope === 'device' && deviceId === null) throw invalid('token.no-device', 'Which device? Give device_id.');
    const device = scope === 'device' && deviceId !== null ? await this.#source.device(deviceId) : null;
    if (scope === 'device' && !device) throw invalid('token.unknown-device', 'There is no such device.');
    const secret = this.#ids.next();
    const now = this.#clock.now();
    const token = await this.#work.run(async ({ accessTokens, audit }) => {
      await accessTokens.removeOver(now);
      if ((await accessTokens.ofUser(actor.id)).length >= MOST_TOKENS) {
        throw invalid(
          'token.too-many',
          `You have ${MOST_TOKENS} tokens already. Revoke one that is not used any more.`,
        );
      }
      const added = await accessTokens.add({
        ...{ digest: this.#digest(secret), userId: actor.id, scope, deviceId: device?.id ?? null, createdAt: now },
        expiresAt: scope === 'live' ? now + LIVE_FOR : null,
      });
      await audit.append(entryOf(actor, 'token.made', added, now));
      return added;
    });
    return { token, secret };
  }

  /** The actor's own by id, also those that are over; without their secrets. */
  ofUser(actor: Actor): Promise<AccessToken[]> {
    return this.#directory.ofUser(actor.id);
  }

  /** From now on it opens nothing. @throws DomainError `token.not-found`, also for somebody else's. */
  async revoke(actor: Actor, id: number): Promise<void> {
    await this.#work.run(async ({ accessTokens, audit }) => {
      const token = await accessTokens.find(id);
      if (token?.userId !== actor.id) throw notFound('token.not-found', 'Token not found');
      await accessTokens.remove(id);
      await audit.append(entryOf(actor, 'token.revoked', token, this.#clock.now()));
    });
  }
}

const entryOf = (actor: Actor, action: string, { id, scope, deviceId }: AccessToken, at: number) => ({
  ...{ at, actor: auditActorOf(actor), action, entityType: 'token', entityId: String(id), entityLabel: null },
  message: `${actor.username} ${action === 'token.made' ? 'made' : 'revoked'} a token for ${scope}`,
  metadata: { scope, deviceId },
});

import type { EntityManager } from 'typeorm';
import type { KeptAnswer, KeptAnswers } from '../../../application/booking/ports.js';
import type { Instant } from '../../../domain/index.js';
import { isDuplicate, rowsOf } from '../sql.js';

export class TypeormKeptAnswers implements KeptAnswers {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  async take(userId: number, key: string, fingerprint: string, at: Instant): Promise<KeptAnswer | null> {
    try {
      // The unique key decides: who comes second waits here until the first transaction ends.
      await this.#manager.query(
        'INSERT INTO kept_answers (user_id, request_key, fingerprint, answer, created_at) VALUES (?, ?, ?, NULL, ?)',
        [userId, key, fingerprint, at],
      );
      return null;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const [kept] = await rowsOf<KeptAnswer>(
        this.#manager,
        'SELECT fingerprint, answer FROM kept_answers WHERE user_id = ? AND request_key = ?',
        [userId, key],
      );
      return kept ?? null;
    }
  }

  async fill(userId: number, key: string, answer: string): Promise<void> {
    await this.#manager.query('UPDATE kept_answers SET answer = ? WHERE user_id = ? AND request_key = ?', [
      answer,
      userId,
      key,
    ]);
  }

  async removeBefore(at: Instant): Promise<void> {
    await this.#manager.query('DELETE FROM kept_answers WHERE created_at < ?', [at]);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, instant, optional, primary, reference, text } from './table-design.js';

/** What people said of gear that only they switch, and what they are asked for. */
export class WordsOfPower1764000000000 implements MigrationInterface {
  readonly name = 'WordsOfPower1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, 'power_words', {
      pdu_id: primary(reference),
      outlet: primary(reference),
      switched_to: text(8),
      said_by: optional(text(100)),
      said_at: instant,
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('power_words', true);
  }
}

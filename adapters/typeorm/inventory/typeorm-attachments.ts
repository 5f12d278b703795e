import { In, type EntityManager } from 'typeorm';
import type { AttachmentListings, AttachmentRepository, NewAttachment } from '../../../application/inventory/ports.js';
import type { Attachment } from '../../../domain/index.js';
import type { Database } from '../database.js';
import { inParts } from '../sql.js';
import { attachmentSchema } from './schemas.js';

export class TypeormAttachments implements AttachmentRepository {
  readonly #manager: EntityManager;

  constructor(manager: EntityManager) {
    this.#manager = manager;
  }

  get #rows() {
    return this.#manager.getRepository(attachmentSchema);
  }

  find(id: number): Promise<Attachment | null> {
    return this.#rows.findOneBy({ id });
  }

  ofDevice(deviceId: number): Promise<Attachment[]> {
    return this.#rows.find({ where: { deviceId }, order: { id: 'ASC' } });
  }

  async add(attachment: NewAttachment): Promise<Attachment> {
    const { identifiers } = await this.#rows.insert({ ...attachment });
    return { id: Number(identifiers[0]?.id), ...attachment };
  }

  async remove(id: number): Promise<void> {
    await this.#rows.delete({ id });
  }
}

export class TypeormAttachmentListings implements AttachmentListings {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: number): Promise<Attachment | null> {
    return this.#database.read((manager) => new TypeormAttachments(manager).find(id));
  }

  ofDevice(deviceId: number): Promise<Attachment[]> {
    return this.#database.read((manager) => new TypeormAttachments(manager).ofDevice(deviceId));
  }

  vaultNamesAmong(names: readonly string[]): Promise<string[]> {
    return this.#database.read(async (manager) => {
      const known: string[] = [];
      for (const part of inParts(names)) {
        const rows = await manager.getRepository(attachmentSchema).findBy({ vaultName: In(part) });
        known.push(...rows.map(({ vaultName }) => vaultName));
      }
      return known;
    });
  }
}

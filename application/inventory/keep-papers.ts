import {
  assertMay,
  DomainError,
  fileNameOf,
  HOUR,
  invalid,
  notFound,
  type Actor,
  type Attachment,
  type Device,
} from '../../domain/index.js';
import { auditActorOf } from '../shared/audit-actor.js';
import type { Clock, IdSource } from '../shared/ports.js';
import { forgetFiles } from './forget-files.js';
import { auditOfDevice, unknownDevice } from './legacy-device.js';
import type {
  AssetListings,
  AttachmentListings,
  ContentSniffer,
  FileVault,
  InventoryStores,
  InventoryWork,
} from './ports.js';
import { recordChange } from './record-change.js';
import { assertSeen, type SeenVersions } from './seen-versions.js';
import { claimRow } from './thing-membership.js';

/** How large an attachment may be, in bytes, and of which MIME types. */
export interface PaperLimits {
  /** Largest file, in bytes. */
  readonly maxBytes: number;
  /** What a file may be, by its content. */
  readonly types: readonly string[];
}

/** A file on its way in. */
export interface Upload {
  /** As the client calls it. */
  readonly fileName: string;
  /** Rejects when the client goes away before its end. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** How much of a file is looked at to tell what it is; offices put it behind a few kilobytes. */
const HEAD_BYTES = 64 * 1024;

/** No upload takes this long: a file without a row is left over from one that never ended. */
const LONGEST_UPLOAD = HOUR;

/** Keeps the papers of devices: manuals, test reports, pictures. */
export class KeepPapers {
  readonly #work: InventoryWork;
  readonly #assets: Pick<AssetListings, 'find'>;
  readonly #attachments: AttachmentListings;
  readonly #vault: FileVault;
  readonly #sniffer: ContentSniffer;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #limits: PaperLimits;

  constructor(
    work: InventoryWork,
    assets: Pick<AssetListings, 'find'>,
    attachments: AttachmentListings,
    vault: FileVault,
    sniffer: ContentSniffer,
    clock: Clock,
    ids: IdSource,
    limits: PaperLimits,
  ) {
    this.#work = work;
    this.#assets = assets;
    this.#attachments = attachments;
    this.#vault = vault;
    this.#sniffer = sniffer;
    this.#clock = clock;
    this.#ids = ids;
    this.#limits = limits;
  }

  /** What a file may be, as configured: for those who ask before they send one. */
  get limits(): PaperLimits {
    return this.#limits;
  }

  /** Refuses what can be refused before a byte of the file is read. @throws DomainError `device.not-found`. */
  async assertWelcome(actor: Actor, deviceId: number): Promise<void> {
    assertMay(actor, 'devices:write');
    if (!(await this.#assets.find(deviceId))) throw unknownDevice(deviceId);
  }

  /** Of a device that is there, the oldest first. @throws DomainError `device.not-found`. */
  async list(deviceId: number): Promise<Attachment[]> {
    const papers = await this.#attachments.ofDevice(deviceId);
    if (papers.length === 0 && !(await this.#assets.find(deviceId))) throw unknownDevice(deviceId);
    return papers;
  }

  /**
   * Keeps the file and then its row: whatever goes wrong, there is never a row without its file.
   * @throws DomainError `attachment.empty`, `attachment.type`, `attachment.too-large`, `device.not-found`, `device.stale`;
   * and what the content rejects with.
   */
  async add(actor: Actor, deviceId: number, upload: Upload, seen: SeenVersions = null): Promise<Attachment> {
    await this.assertWelcome(actor, deviceId);
    const fileName = fileNameOf(upload.fileName);
    const { mimeType, content } = await this.#examined(upload.content);
    const vaultName = this.#ids.next();
    const sizeBytes = await this.#vault.keep(vaultName, content);
    try {
      return await this.#work.run(async (stores) => {
        const device = await this.#claim(deviceId, seen, stores);
        const now = this.#clock.now();
        const { id: uploadedBy, name: uploadedByName } = auditActorOf(actor);
        const attachment = await stores.attachments.add({
          ...{ deviceId, fileName, mimeType, sizeBytes, vaultName, uploadedBy, uploadedByName, createdAt: now },
        });
        await this.#note(actor, device, attachment, 'attachment_added', stores);
        return attachment;
      });
    } catch (error) {
      // Anything else may have happened after the row was committed; what has no row is swept later.
      if (error instanceof DomainError) await forgetFiles(this.#vault, [vaultName]);
      throw error;
    }
  }

  /** @throws DomainError `attachment.not-found`, `attachment.lost` when the file is not where it was kept. */
  async open(id: number): Promise<{ readonly attachment: Attachment; readonly content: AsyncIterable<Uint8Array> }> {
    const attachment = await this.#attachments.find(id);
    if (!attachment) throw unknownAttachment(id);
    const content = await this.#vault.open(attachment.vaultName);
    if (!content) throw new DomainError('unavailable', 'attachment.lost', `${attachment.fileName} cannot be read now`);
    return { attachment, content };
  }

  /** @throws DomainError `attachment.not-found`, `device.stale`. */
  async remove(actor: Actor, id: number, seen: SeenVersions = null): Promise<void> {
    assertMay(actor, 'devices:write');
    const file = await this.#work.run(async (stores) => {
      const found = await stores.attachments.find(id);
      if (!found) throw unknownAttachment(id);
      const device = await this.#claim(found.deviceId, seen, stores);
      // Somebody else may have removed it while the device was waited for.
      const attachment = await stores.attachments.find(id);
      if (!attachment) throw unknownAttachment(id);
      await stores.attachments.remove(id);
      await this.#note(actor, device, attachment, 'attachment_removed', stores);
      return attachment.vaultName;
    });
    await forgetFiles(this.#vault, [file]);
  }

  /** Removes files that have had no row for longer than any upload takes. */
  async sweep(): Promise<void> {
    const old = await this.#vault.keptBefore(this.#clock.now() - LONGEST_UPLOAD);
    const known = new Set(await this.#attachments.vaultNamesAmong(old));
    await forgetFiles(
      this.#vault,
      old.filter((name) => !known.has(name)),
    );
  }

  async #claim(deviceId: number, seen: SeenVersions, { devices }: InventoryStores): Promise<Device> {
    const found = await devices.find(deviceId);
    const device = found && (await claimRow(found, null, devices));
    if (!device) throw unknownDevice(deviceId);
    assertSeen(device, seen);
    return device;
  }

  async #note(
    actor: Actor,
    device: Device,
    { id, fileName, mimeType, sizeBytes }: Attachment,
    action: 'attachment_added' | 'attachment_removed',
    stores: InventoryStores,
  ): Promise<void> {
    const now = this.#clock.now();
    const isAdded = action === 'attachment_added';
    const field = { field: 'attachments', before: isAdded ? null : fileName, after: isAdded ? fileName : null };
    const metadata = { attachment_id: id, mime_type: mimeType, size_bytes: sizeBytes };
    await stores.devices.touch(device.id, now, actor.id);
    await recordChange(stores, actor, device, { action, fields: [field], metadata }, now);
    const deed = isAdded ? 'attached' : 'removed';
    await stores.audit.append({
      ...auditOfDevice(actor, `device.${deed}`, device, `${actor.username} ${deed} ${fileName} of ${device.name}`, now),
      metadata: { fileName, ...metadata },
    });
  }

  /** The whole content again, once its beginning has told what it is. */
  async #examined(
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly mimeType: string; readonly content: AsyncIterable<Uint8Array> }> {
    const rest = content[Symbol.asyncIterator]();
    const head = await headOf(rest);
    const length = lengthOf(head);
    if (length === 0) throw invalid('attachment.empty', 'The file is empty.');
    const mimeType = await this.#sniffer.mimeTypeOf(joined(head));
    const { types, maxBytes } = this.#limits;
    if (!types.includes(mimeType)) {
      await rest.return?.();
      throw invalid('attachment.type', `The file is ${mimeType}. Allowed: ${types.join(', ')}.`, { allowed: types });
    }
    return { mimeType, content: limited(head, rest, maxBytes) };
  }
}

const unknownAttachment = (id: number) => notFound('attachment.not-found', `Attachment with ID ${id} not found`);

const lengthOf = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(lengthOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

const headOf = async (chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> => {
  const head: Uint8Array[] = [];
  while (lengthOf(head) < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    head.push(next.value);
  }
  return head;
};

/** @throws DomainError `attachment.too-large` as soon as it is. */
const limited = async function* (
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  const within = (chunk: Uint8Array): Uint8Array => {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    return chunk;
  };
  try {
    for (const chunk of head) yield within(chunk);
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield within(next.value);
  } finally {
    await rest.return?.();
  }
};

/** A refusal of a file that is larger than the lab takes. */
export const tooLarge = (maxBytes: number) =>
  new DomainError('too-large', 'attachment.too-large', `A file may have ${maxBytes} bytes at most.`, {
    max_bytes: maxBytes,
  });

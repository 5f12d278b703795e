import type { Response } from 'express';
import { z } from 'zod';
import type { KeepPapers, ViewAssets } from '../../../application/inventory/index.js';
import type { Clock } from '../../../application/shared/ports.js';
import type { Attachment, LabZone } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idInPath } from '../shared/fields.js';
import { sendStream } from '../shared/send-stream.js';
import { AssetReply, assetReply, AttachmentReply, attachmentReply } from './asset-replies.js';
import { readUpload } from './read-upload.js';
import { IfMatch, seenVersions, withEtag } from './seen-versions.js';

export interface AttachmentUseCases {
  readonly keepPapers: KeepPapers;
  readonly viewAssets: ViewAssets;
}

const one = z.object({ id: idInPath });
const tag = 'Inventory';
const binary = z.string().openapi({ format: 'binary' });

/** A file of somebody else's making: it is saved, never shown, and if it is shown after all it can do nothing. */
const sendSafely = async (
  response: Response,
  { fileName, mimeType, sizeBytes }: Attachment,
  content: AsyncIterable<Uint8Array>,
): Promise<void> => {
  await sendStream(response, content, () => {
    response.attachment(fileName);
    response.set({
      'Content-Type': mimeType.startsWith('text/') ? `${mimeType}; charset=utf-8` : mimeType,
      'Content-Length': String(sizeBytes),
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
    });
  });
};

/** The papers of assets. */
export const attachmentRoutes = (
  api: Api,
  { keepPapers, viewAssets }: AttachmentUseCases,
  zone: LabZone,
  clock: Clock,
): Api =>
  api
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/devices/{id}/attachments'],
      tag,
      summary: 'Papers of an asset',
      params: one,
      refusals: [404],
      reply: { status: 200, schema: z.array(AttachmentReply), description: 'The oldest first' },
      handle: async ({ params }) => (await keepPapers.list(params.id)).map(attachmentReply),
    })
    .signedIn({
      method: 'post',
      paths: ['/api/inventory/devices/{id}/attachments'],
      tag,
      summary: 'Add a paper to an asset',
      params: one,
      headers: IfMatch,
      otherBodies: { 'multipart/form-data': z.object({ file: binary }) },
      refusals: [400, 403, 404, 412],
      reply: {
        status: 200,
        schema: AssetReply.extend({ attachments: z.array(AttachmentReply) }),
        description: 'The asset with all its papers, the new one last',
      },
      handle: async ({ params }, { caller, request, response }) => {
        const seen = seenVersions(request);
        await keepPapers.assertWelcome(caller, params.id);
        await keepPapers.add(caller, params.id, await readUpload(request, keepPapers.limits), seen);
        const asset = withEtag(response, assetReply(zone, clock.now())(await viewAssets.one(params.id)));
        return { ...asset, attachments: (await keepPapers.list(params.id)).map(attachmentReply) };
      },
    })
    .signedIn({
      method: 'get',
      paths: ['/api/inventory/attachments/{id}/download'],
      tag,
      summary: 'The content of a paper, to be saved',
      params: one,
      refusals: [404, 503],
      reply: {
        status: 200,
        schema: binary,
        description: 'Of the type that its content has',
        contentType: 'application/octet-stream',
      },
      handle: async ({ params }, { response }) => {
        const { attachment, content } = await keepPapers.open(params.id);
        await sendSafely(response, attachment, content);
        return '';
      },
    })
    .signedIn({
      method: 'delete',
      paths: ['/api/inventory/attachments/{id}'],
      tag,
      summary: 'Remove a paper',
      params: one,
      headers: IfMatch,
      refusals: [403, 404, 412],
      reply: { status: 204, schema: z.void(), description: 'It is gone; the history keeps its name' },
      handle: async ({ params }, { caller, request }) => {
        await keepPapers.remove(caller, params.id, seenVersions(request));
      },
    });

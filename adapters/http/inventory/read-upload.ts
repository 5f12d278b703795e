import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { Request } from 'express';
import { PassThrough, type Readable } from 'node:stream';
import { tooLarge, type PaperLimits, type Upload } from '../../../application/inventory/index.js';
import { malformed } from '../../../domain/index.js';

/** What the form around a file may take, in bytes. */
const FORM_BYTES = 64 * 1024;

const unreadable = (why: string) =>
  malformed('attachment.unreadable', `${why} Send one file as multipart/form-data, in the field "file".`);

/**
 * The first file of a form, as it comes in. What the form holds besides is passed over.
 * @throws DomainError `attachment.unreadable` when there is none, `attachment.too-large` when the request says so itself.
 */
export const readUpload = (request: Request, { maxBytes }: PaperLimits): Promise<Upload> =>
  new Promise((resolve, reject) => {
    const refuse = (error: Error) => {
      request.unpipe();
      request.resume();
      reject(error);
    };
    if (Number(request.get('content-length') ?? 0) > maxBytes + FORM_BYTES) {
      refuse(tooLarge(maxBytes));
      return;
    }
    const form = formOf(request);
    if (!form) {
      refuse(unreadable('This is no upload.'));
      return;
    }
    let file: Readable | null = null;
    const content = new PassThrough();
    // Whoever reads it is told; when nobody does yet, nobody needs to know.
    content.on('error', () => undefined);
    const fail = (error: Error) => {
      content.destroy(error);
      refuse(error);
    };
    form.on('file', (field: string, stream: BusboyFileStream, fileName: string | undefined) => {
      if (file !== null || field !== 'file') {
        stream.resume();
        return;
      }
      file = stream;
      stream.once('error', fail);
      stream.pipe(content);
      // Who refuses the file half-way does not read the rest, which the client is sending nevertheless.
      content.once('close', () => {
        stream.unpipe(content);
        stream.resume();
      });
      resolve({ fileName: fileName ?? '', content });
    });
    form.once('error', () => {
      fail(unreadable('The form cannot be read.'));
    });
    form.once('finish', () => {
      if (file === null) refuse(unreadable('There is no file in it.'));
    });
    request.once('close', () => {
      if (!request.complete) fail(unreadable('The upload was cut off.'));
    });
    request.pipe(form);
  });

const formOf = (request: Request): BusboyInstance | null => {
  const type = request.get('content-type') ?? '';
  if (!/^multipart\/form-data\b/i.test(type)) return null;
  try {
    return new Busboy({
      headers: { ...request.headers, 'content-type': type },
      limits: { fields: 20, fieldSize: FORM_BYTES, files: 2, parts: 25, headerPairs: 100, headerSize: 16 * 1024 },
    });
  } catch {
    return null;
  }
};

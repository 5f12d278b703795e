import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { SeenVersions } from '../../../application/inventory/index.js';

/** For the document: a change can be made only to what its author has read. */
export const IfMatch = z.object({ 'if-match': z.string().optional() });

const MOST_VERSION = 2_147_483_647;

/** `"7"` and `"7-0a1b2c3d"` are version 7; proxies that compress make a tag weak, which says nothing about the version. */
const TAG = /^(?:W\/)?"(\d{1,10})(?:-[0-9a-f]+)?"$/;

/**
 * Versions that the request says its author has seen; null when it does not say, or when any will do (`*`). A tag that
 * this server never gave matches nothing.
 */
export const seenVersions = (request: Request): SeenVersions => {
  const header = request.get('if-match');
  if (header === undefined || header.trim() === '*') return null;
  return header.split(',').flatMap((tag) => {
    const version = Number(TAG.exec(tag.trim())?.[1] ?? NaN);
    return version <= MOST_VERSION ? [version] : [];
  });
};

/**
 * Tags a reply with the version of the device, for `If-Match`, and with what it says beyond the device itself (a site may
 * have been renamed), for `If-None-Match`.
 */
export const withEtag = <Reply extends { readonly version: number }>(response: Response, reply: Reply): Reply => {
  const digest = createHash('sha256').update(JSON.stringify(reply)).digest('hex').slice(0, 16);
  response.set('ETag', `"${reply.version}-${digest}"`);
  return reply;
};

import { createHash } from 'node:crypto';

/** Lower-case hex SHA-256: for secrets that are random already, where a slow hash would gain nothing. */
export const sha256Digest = (text: string): string => createHash('sha256').update(text).digest('hex');

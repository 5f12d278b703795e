import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import type { Response } from 'supertest';

/** The session cookie that a reply sets, taken apart. */
export interface SetCookie {
  readonly value: string;
  /** By lower-case name; true for those without a value. */
  readonly attributes: Readonly<Record<string, string | true>>;
}

/** The one cookie of the reply, which is the session's; null when the reply sets none. */
export const cookieSetBy = (reply: Response): SetCookie | null => {
  const set = reply.get('set-cookie') ?? [];
  expect(set.length).to.be.lessThan(2);
  const [pair = '', ...attributes] = (set[0] ?? '').split(';').map((part) => part.trim());
  if (pair === '') return null;
  const [name, value = ''] = pair.split('=');
  expect(name).to.equal('session_id');
  const read = attributes.map((attribute) => {
    const [key = '', setting] = attribute.split('=');
    return [key.toLowerCase(), setting ?? true] as const;
  });
  return { value, attributes: Object.fromEntries(read) };
};

/** The cookie header that a browser would send after the reply. */
export const cookieAfter = (reply: Response): string => {
  const cookie = cookieSetBy(reply);
  if (!cookie) throw new Error('the reply sets no cookie');
  return `session_id=${cookie.value}`;
};

/** The session's identifier, which is the cookie without its signature. */
export const sessionIdIn = (cookie: string): string => {
  const [, id] = /^session_id=s:([^.]+)\./.exec(decodeURIComponent(cookie)) ?? [];
  if (id === undefined) throw new Error(`no session identifier in ${cookie}`);
  return id;
};

/** A cookie header for the identifier, signed as somebody would who believes that `secret` is the server's. */
export const signedCookie = (sessionId: string, secret: string): string => {
  const signature = createHmac('sha256', secret).update(sessionId).digest('base64').replace(/=+$/, '');
  return `session_id=${encodeURIComponent(`s:${sessionId}.${signature}`)}`;
};

import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { NoteActivity, WhoIs } from '../../../application/identity/index.js';
import { setCaller } from '../shared/caller.js';
import { SESSION_LIFETIME, type SessionRecordStore } from './session-record-store.js';

export const COOKIE_NAME = 'session_id';

/** Reads the session cookie and tells the routes who is asking. */
export const sessions = (
  store: SessionRecordStore,
  secret: string,
  whoIs: WhoIs,
  activity: NoteActivity,
): RequestHandler[] => [
  session({
    name: COOKIE_NAME,
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    // `auto`: only over TLS where the connection is TLS, so that a lab without certificates still works.
    cookie: { httpOnly: true, sameSite: 'lax', path: '/', maxAge: SESSION_LIFETIME, secure: 'auto' },
  }),
  async (request, _response, next) => {
    const { userId } = request.session;
    const user = userId === undefined ? null : await whoIs.execute(userId);
    if (user) {
      setCaller(request, user);
      activity.seen(user.id);
    }
    next();
  },
];

const done = (step: (callback: (error: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    step((error) => {
      if (error) reject(error instanceof Error ? error : new Error('the session store failed', { cause: error }));
      else resolve();
    });
  });

/** Signs the user in under a new identifier: one known from before is worth nothing afterwards. */
export const openSession = async (request: Request, userId: number): Promise<void> => {
  await done((callback) => request.session.regenerate(callback));
  request.session.userId = userId;
  await done((callback) => request.session.save(callback));
};

/** Ends the session on the server: its cookie is worth nothing from then on. */
export const endSession = (request: Request): Promise<void> => done((callback) => request.session.destroy(callback));

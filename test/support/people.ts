import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import type { Express } from 'express';
import supertest from 'supertest';
import type { Lab } from '../../composition/compose.js';
import { DAY, type Role } from '../../domain/index.js';

/** What can be asked over HTTP: an app, a server that listens already, or the URL of one in another process. */
export type Reachable = Express | Server | string;

/** Keeps the cookie of its session. */
export type Agent = ReturnType<typeof supertest.agent>;

/** The secret as the frontends send it: the hex SHA-256 of what was typed. */
export const secretOf = (typed: string): string => createHash('sha256').update(typed).digest('hex');

/** What everybody here types unless a test says otherwise. */
export const PASSWORD = secretOf('correct horse battery staple');

/** Whoever knows it may register as an administrator, in labs that have one. */
export const ADMIN_SECRET = 'the operators know it';

/** The form of `POST /users/register`. */
export const accountForm = (username: string, password: string = PASSWORD) => ({
  username,
  password,
  password2: password,
});

/** Registers an ordinary user, who is signed in from then on. */
export const signedIn = async (app: Reachable, username: string): Promise<Agent> => {
  const agent = supertest.agent(app);
  await agent.post('/users/register').send(accountForm(username)).expect(200);
  return agent;
};

/** Signs in with an account that exists, in a session of its own. */
export const signedInAgain = async (app: Reachable, username: string): Promise<Agent> => {
  const agent = supertest.agent(app);
  await agent.post('/login').send({ username, password: PASSWORD }).expect(200);
  return agent;
};

const accept = async (app: Reachable, token: string, username: string): Promise<Agent> => {
  const agent = supertest.agent(app);
  await agent
    .post('/admin/v2/invitations/accept')
    .send({ token, ...accountForm(username) })
    .expect(200);
  return agent;
};

/** Makes the lab's first administrator, a Super Admin, who is signed in from then on. Once for each lab. */
export const administrator = async (lab: Lab, app: Reachable, username = 'root'): Promise<Agent> => {
  const token = await lab.inviteFirstAdmin.execute();
  if (token === null) throw new Error('this lab has its first administrator already: use somebodyWith(lab, app, role)');
  return accept(app, token, username);
};

/** Makes somebody with that role, who is signed in from then on. */
export const somebodyWith = async (lab: Lab, app: Reachable, role: Role, username: string): Promise<Agent> => {
  const token = `${username} may be ${role}`;
  await lab.work.run(({ invitations }) =>
    invitations.add({
      tokenDigest: lab.httpParts.digest(token),
      role,
      expiresAt: lab.clock.now() + DAY,
      invitedBy: 1,
      id: token.slice(0, 36),
      email: null,
    }),
  );
  return accept(app, token, username);
};

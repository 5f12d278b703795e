import { expect } from 'chai';
import { ADMIN_SECRET, PASSWORD } from '../../../support/people.js';
import { Refused } from '../json-api.js';
import { integer, regex, string } from '../matching.js';
import type { PactOf } from '../pact-of.js';
import { OldAdmin } from './old-admin.js';

const secret = regex(/^[0-9a-f]{64}$/, PASSWORD);
const sessionCookie = regex(/^session_id=.+/, 'session_id=s%3Aabc; Path=/; HttpOnly; SameSite=Lax');
const problem = { 'Content-Type': 'application/problem+json' };
const opened = { 'Set-Cookie': sessionCookie };

export const accounts = (pact: PactOf): void => {
  it('is for administrators', async () => {
    const request = { method: 'GET', path: '/admin/checkAdminSession' } as const;
    await pact.exchange(
      'whether an administrator is signed in',
      {
        given: [['somebody is signed in', { username: 'kim', role: 'Admin' }]],
        request: { ...request, as: 'kim' },
        reply: { status: 200, body: { logged_in: true, is_admin: true, user_id: integer(7), username: string('kim') } },
      },
      async (url) => {
        expect(await new OldAdmin(url, 'kim').whoAmI()).to.deep.equal({ id: 7, name: 'kim' });
      },
    );
    await pact.exchange(
      'whether an administrator is signed in, when somebody else is',
      {
        given: [['somebody is signed in', { username: 'alice' }]],
        request: { ...request, as: 'alice' },
        reply: { status: 200, body: { logged_in: true, is_admin: false } },
      },
      async (url) => {
        expect(await new OldAdmin(url, 'alice').whoAmI()).to.equal(null);
      },
    );
    await pact.exchange(
      'whether an administrator is signed in, when nobody is',
      { request, reply: { status: 200, body: { logged_in: false } } },
      async (url) => {
        expect(await new OldAdmin(url, null).whoAmI()).to.equal(null);
      },
    );
  });

  it('signs administrators in, and sends others away', async () => {
    const signingIn = (username: string, isAdmin: boolean) => ({
      request: { method: 'POST', path: '/admin/login', body: { username, password: secret } } as const,
      reply: {
        ...{ status: 200, headers: opened },
        body: { message: string('Sign in successful'), user_id: integer(7), is_admin: isAdmin },
      },
    });
    await pact.exchange(
      'sign in as an administrator',
      { given: [['there is an account', { username: 'kim', role: 'Admin' }]], ...signingIn('kim', true) },
      async (url) => {
        const signedIn = await new OldAdmin(url, null).signIn('kim', PASSWORD);
        expect(signedIn).to.deep.equal({ id: 7, shown: 'Sign in successful' });
      },
    );
    await pact.exchange(
      'sign in to the admin page without being an administrator',
      { given: [['there is an account', { username: 'alice' }]], ...signingIn('alice', false) },
      async (url) => {
        const refused: unknown = await new OldAdmin(url, null).signIn('alice', PASSWORD).catch(String);
        expect(refused).to.equal('Error: not an administrator');
      },
    );
    await pact.exchange(
      'sign in to the admin page with a wrong password',
      {
        given: [['there is an account', { username: 'kim', role: 'Admin' }]],
        request: {
          ...{ method: 'POST', path: '/admin/login' },
          body: { username: 'kim', password: regex(/^0{64}$/, '0'.repeat(64)) },
        },
        reply: { status: 400, headers: problem, body: { detail: string('Invalid username or password') } },
      },
      async (url) => {
        const refused: unknown = await new OldAdmin(url, null).signIn('kim', '0'.repeat(64)).catch(String);
        expect(refused).to.equal('Error: Invalid username or password');
      },
    );
  });

  it('registers those who know the admin secret', async () => {
    const email = 'new.admin@lab.example';
    const discordId = '123456789012345678';
    const registering = (adminSecret: string) =>
      ({
        ...{ method: 'POST', path: '/admin/register' },
        body: {
          ...{ username: 'new.admin', email, password: secret, password2: secret },
          ...{ admin_secret: adminSecret, discord_id: discordId },
        },
      }) as const;
    const register = (url: string, adminSecret: string) =>
      new OldAdmin(url, null).register('new.admin', email, PASSWORD, adminSecret, discordId);
    await pact.exchange(
      'register an administrator',
      {
        request: registering(ADMIN_SECRET),
        reply: { status: 200, headers: opened, body: { id: integer(7), username: string('new.admin') } },
      },
      async (url) => {
        expect(await register(url, ADMIN_SECRET)).to.deep.equal({ id: 7, name: 'new.admin' });
      },
    );
    await pact.exchange(
      'register an administrator with a wrong secret',
      {
        request: registering('guessed'),
        reply: { status: 403, headers: problem, body: { detail: string('Invalid admin secret') } },
      },
      async (url) => {
        const refused: unknown = await register(url, 'guessed').catch((error: unknown) => error);
        expect(refused).to.be.instanceOf(Refused).with.property('message', 'Invalid admin secret');
      },
    );
  });
};

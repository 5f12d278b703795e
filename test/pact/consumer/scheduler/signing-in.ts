import { expect } from 'chai';
import { PASSWORD } from '../../../support/people.js';
import { boolean, integer, regex, string } from '../matching.js';
import type { PactOf } from '../pact-of.js';
import { SchedulerFrontend } from './scheduler-frontend.js';

const ALICE = ['somebody is signed in', { username: 'alice' }] as const;
/** What browsers keep as the session. */
const sessionCookie = regex(/^session_id=.+/, 'session_id=s%3Aabc; Path=/; HttpOnly; SameSite=Lax');
const secret = regex(/^[0-9a-f]{64}$/, PASSWORD);
const problem = { 'Content-Type': 'application/problem+json' };

export const signingIn = (pact: PactOf): void => {
  it('may send JSON from its own port', () =>
    pact.exchange(
      'the browser asks whether the page may send JSON',
      {
        request: {
          method: 'OPTIONS',
          path: '/bookings',
          headers: {
            Origin: 'http://127.0.0.1:25002',
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'content-type',
          },
        },
        reply: {
          status: 204,
          headers: {
            'Access-Control-Allow-Origin': 'http://127.0.0.1:25002',
            'Access-Control-Allow-Credentials': 'true',
          },
        },
      },
      async (url) => {
        const ui = new SchedulerFrontend(url, null);
        expect(await ui.maySendJson('http://127.0.0.1:25002')).to.equal(true);
      },
    ));

  it('sees that nobody is signed in', () =>
    pact.exchange(
      'who is signed in, when nobody is',
      {
        request: { method: 'GET', path: '/api/auth/me' },
        reply: { status: 401, headers: problem, body: { authenticated: false, detail: string('Not authenticated') } },
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, null).whoAmI()).to.equal(null);
      },
    ));

  it('sees who is signed in', () =>
    pact.exchange(
      'who is signed in',
      {
        given: [ALICE],
        request: { method: 'GET', path: '/api/auth/me', as: 'alice' },
        reply: {
          status: 200,
          body: { authenticated: true, user_id: integer(7), username: string('alice'), is_admin: boolean(false) },
        },
      },
      async (url) => {
        const who = await new SchedulerFrontend(url, 'alice').whoAmI();
        expect(who).to.deep.equal({ id: 7, name: 'alice', isAdmin: false });
      },
    ));

  it('signs in with the hash of what was typed, and keeps the cookie', () =>
    pact.exchange(
      'sign in',
      {
        given: [['there is an account', { username: 'alice' }]],
        request: { method: 'POST', path: '/login', body: { username: 'alice', password: secret } },
        reply: {
          status: 200,
          headers: { 'Set-Cookie': sessionCookie },
          body: { message: string('Sign in successful') },
        },
      },
      async (url) => {
        const { shown, cookie } = await new SchedulerFrontend(url, null).signIn('alice', PASSWORD);
        expect(shown).to.equal('Sign in successful');
        expect(cookie).to.match(/^session_id=/);
      },
    ));

  it('shows why somebody could not sign in', () =>
    pact.exchange(
      'sign in with a wrong password',
      {
        given: [['there is an account', { username: 'alice' }]],
        request: {
          method: 'POST',
          path: '/login',
          body: { username: 'alice', password: regex(/^0{64}$/, '0'.repeat(64)) },
        },
        reply: { status: 400, headers: problem, body: { detail: string('Invalid username or password') } },
      },
      async (url) => {
        const { shown } = await new SchedulerFrontend(url, null).signIn('alice', '0'.repeat(64));
        expect(shown).to.equal('Invalid username or password');
      },
    ));

  it('registers, which signs in too', () =>
    pact.exchange(
      'register',
      {
        request: {
          method: 'POST',
          path: '/users/register',
          body: { username: 'new.user', email: 'new.user@lab.example', password: secret, password2: secret },
        },
        reply: { status: 200, headers: { 'Set-Cookie': sessionCookie }, body: {} },
      },
      async (url) => {
        const ui = new SchedulerFrontend(url, null);
        expect(await ui.register('new.user', 'new.user@lab.example', PASSWORD)).to.match(/^session_id=/);
      },
    ));

  it('signs out', () =>
    pact.exchange(
      'sign out',
      {
        given: [ALICE],
        request: { method: 'POST', path: '/logout', as: 'alice' },
        reply: { status: 200, body: { message: string('Signed out successfully') } },
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, 'alice').signOut()).to.equal('Signed out successfully');
      },
    ));

  it('asks on other pages whether somebody is signed in', async () => {
    await pact.exchange(
      'the session',
      {
        given: [ALICE],
        request: { method: 'GET', path: '/session', as: 'alice' },
        reply: { status: 200, body: { logged_in: true, user_id: integer(7), username: string('alice') } },
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, 'alice').session()).to.deep.equal({ id: 7, name: 'alice' });
      },
    );
    await pact.exchange(
      'the session, when nobody is signed in',
      {
        request: { method: 'GET', path: '/session' },
        reply: { status: 200, body: { logged_in: false } },
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, null).session()).to.equal(null);
      },
    );
  });

  it('suggests collaborators, and accepts a name that comes first when only one is asked for', async () => {
    const given = [
      ['there is an account', { username: 'abob' }],
      ['there is an account', { username: 'bob' }],
      ALICE,
    ] as const;
    await pact.exchange(
      'users by part of their name',
      {
        given,
        request: { method: 'GET', path: '/api/users/search', query: { q: 'bob', limit: '10' }, as: 'alice' },
        reply: { status: 200, body: [{ username: 'bob' }, { username: 'abob' }] },
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, 'alice').findUsers('bob', 10)).to.deep.equal(['bob', 'abob']);
      },
    );
    await pact.exchange(
      'a user by name',
      {
        given,
        request: { method: 'GET', path: '/api/users/search', query: { q: 'bob', limit: '1' }, as: 'alice' },
        reply: { status: 200, body: [{ username: 'bob' }] },
      },
      async (url) => {
        expect(await new SchedulerFrontend(url, 'alice').findUsers('bob', 1)).to.deep.equal(['bob']);
      },
    );
  });
};

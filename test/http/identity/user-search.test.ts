import { expect } from 'chai';
import supertest from 'supertest';
import { forEveryStore, type OpenLab } from '../../support/labs.js';
import { accountForm, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';

const PEOPLE = ['abob', 'bob', 'Bobby', 'bo_b', 'boxb', 'cabob', 'łukasz', "o'neill"];

forEveryStore('looking for people', (openLab) => {
  let here: OpenLab;
  let bobby: Agent;
  before(async () => {
    here = await openLab();
    for (const username of PEOPLE.filter((name) => name !== 'Bobby')) {
      const form = { ...accountForm(username), email: `${username.replace(/\W/g, '')}@lab.example` };
      await supertest(here.app).post('/users/register').send(form).expect(200);
    }
    bobby = await signedIn(here.app, 'Bobby');
  });

  const find = async (q: string, limit?: number | string): Promise<string[]> => {
    const reply = await bobby
      .get('/api/users/search')
      .query({ q, ...(limit !== undefined && { limit }) })
      .expect(200);
    return (reply.body as { username: string }[]).map(({ username }) => username);
  };

  for (const path of ['/users/search', '/api/users/search']) {
    it(`needs a session at ${path}`, async () => {
      await supertest(here.app).get(path).query({ q: 'bob' }).expect(problem(401, 'session.required'));
      await bobby.get(path).query({ q: 'bob' }).expect(200);
    });
  }

  it('finds part of a name in any letter case: the exact name first, then by name', async () => {
    expect(await find('bob')).to.deep.equal(['bob', 'abob', 'Bobby', 'cabob']);
    expect(await find('BOB')).to.deep.equal(['bob', 'abob', 'Bobby', 'cabob']);
    expect(await find(' bobby ')).to.deep.equal(['Bobby']);
    expect(await find('ŁUK')).to.deep.equal(['łukasz']);
    expect(await find('zed')).to.deep.equal([]);
  });

  it('answers the exact name when only one is wanted', async () => {
    expect(await find('bob', 1)).to.deep.equal(['bob']);
    expect(await find('Abob', 1)).to.deep.equal(['abob']);
  });

  it('takes wildcards and quotes for what they are', async () => {
    expect(await find('%')).to.deep.equal([]);
    expect(await find('b%b')).to.deep.equal([]);
    expect(await find('_')).to.deep.equal(['bo_b']);
    expect(await find('bo_b')).to.deep.equal(['bo_b']);
    expect(await find('!')).to.deep.equal([]);
    expect(await find('\\')).to.deep.equal([]);
    expect(await find("o'")).to.deep.equal(["o'neill"]);
    expect(await find(`' OR 1=1 --`)).to.deep.equal([]);
  });

  it('finds nobody for nothing', async () => {
    expect(await find('')).to.deep.equal([]);
    expect(await find('   ')).to.deep.equal([]);
  });

  it('tells ids and names only', async () => {
    const reply = await bobby.get('/api/users/search?q=bob&limit=20').expect(200);
    for (const found of reply.body as object[]) expect(found).to.have.all.keys('id', 'username');
  });

  it('holds the limit between 1 and 20', async () => {
    for (const limit of [0, -5, 1, 0.5, 1.9]) expect(await find('bob', limit)).to.deep.equal(['bob']);
    for (const limit of [20, 21, 1_000_000]) expect(await find('bob', limit)).to.have.length(4);
  });

  it('refuses what it cannot understand', async () => {
    const search = (query: string) => bobby.get(`/users/search${query}`);
    for (const query of ['', '?limit=5', '?q=a&q=b', '?q=bob&limit=many', '?q=bob&limit=Infinity', '?q=a%00b']) {
      await search(query).expect(problem(422, 'request.malformed'));
    }
    await search(`?q=${'b'.repeat(201)}`).expect(problem(422));
  });
});

forEveryStore('looking for people in a large lab', (openLab) => {
  it('answers at most 10 unless told, and never more than 20', async () => {
    const { lab, app } = await openLab();
    await lab.work.run(async ({ users }) => {
      for (let number = 10; number < 40; number += 1) {
        await users.add({
          username: `student ${number}`,
          email: null,
          discordId: null,
          role: 'User',
          status: 'active',
          passwordHash: 'nobody has this',
          createdAt: lab.clock.now(),
        });
      }
    });
    const ada = await signedIn(app, 'ada');
    const found = async (query: object) => (await ada.get('/users/search').query(query).expect(200)).body as unknown[];
    expect(await found({ q: 'student' })).to.have.length(10);
    expect(await found({ q: 'student', limit: 500 })).to.have.length(20);
  });
});

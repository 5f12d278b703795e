import { expect } from 'chai';
import type { Account } from '../../application/index.js';
import { ROLES } from '../../domain/index.js';
import { expectOneWinner, givingUp, race, refusalOf } from './racing.js';
import { anAccount, LATEST, NOON } from './samples.js';
import { forEachTest, type OpenSubject } from './subject.js';

/** Names that are one, although they are not written with the same letters. */
const SAME_NAMES: readonly (readonly [string, string])[] = [
  ['ada', 'ADA'],
  ['Zoë', 'ZOË'],
  ['Émilie', 'émilie'],
  ['Émilie', 'E\u0301milie'],
  ['Ωmega', 'ωMEGA'],
  ['Юлия', 'юлия'],
  ['fiona', '\uFB01ona'],
  ['Ada  King', 'ada king'],
];

/** Names that a database with a mind of its own might take for one. */
const DIFFERENT_NAMES = ['zoe', 'zoë', 'strasse', 'straße', 'юлия', 'юлйя', 'ada', 'adа', 'a_b', 'a.b'];

/** For the UserRepository of a UnitOfWork and the UserDirectory outside of it. */
export const usersContract = (name: string, open: OpenSubject<'work' | 'users'>): void => {
  describe(`${name} as a directory of users`, () => {
    const subject = forEachTest(open);

    const add = (username: string, other: Parameters<typeof anAccount>[1] = {}) =>
      subject().work.run(({ users }) => users.add(anAccount(username, other)));

    it('keeps an account as it was given, to the millisecond', async () => {
      const { work, users } = subject();
      const full = anAccount('Zoë Ω 測', {
        email: 'Zoe@lab.example',
        discordId: '123456789012345678',
        role: 'Super Admin',
        status: 'disabled',
        passwordHash: '$2b$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234',
        createdAt: LATEST,
      });
      for (const given of [full, anAccount('ada')]) {
        const { passwordHash, ...rest } = given;
        const user = await work.run((stores) => stores.users.add(given));
        expect(user).to.deep.equal({ id: user.id, ...rest });
        expect(await work.run((stores) => stores.users.find(user.id))).to.deep.equal(user);
        expect(await work.run((stores) => stores.users.named([given.username]))).to.deep.equal([user]);
        expect(await users.find(user.id)).to.deep.equal(user);
        expect(await users.accountNamed(given.username)).to.deep.equal({ user, passwordHash } satisfies Account);
        expect(await users.search(given.username, 10)).to.deep.equal([user]);
      }
    });

    it('has nobody where there is nobody', async () => {
      const { work, users } = subject();
      for (const id of [1, 0, -1, 2 ** 31]) expect(await users.find(id)).to.equal(null);
      expect(await users.accountNamed('ada')).to.equal(null);
      expect(await users.search('ada', 10)).to.deep.equal([]);
      await work.run(async (stores) => {
        expect(await stores.users.find(1)).to.equal(null);
        expect(await stores.users.named([])).to.deep.equal([]);
        expect(await stores.users.named(['ada'])).to.deep.equal([]);
      });
    });

    for (const [first, second] of SAME_NAMES) {
      it(`takes ${JSON.stringify(first)} and ${JSON.stringify(second)} for one name`, async () => {
        const user = await add(first);
        expect((await refusalOf(add(second))).code).to.equal('identity.username-taken');
        const { work, users } = subject();
        expect((await users.accountNamed(second))?.user).to.deep.equal(user);
        expect(await work.run((stores) => stores.users.named([second]))).to.deep.equal([user]);
      });
    }

    it('tells similar names apart', async () => {
      for (const username of DIFFERENT_NAMES) await add(username);
      for (const username of DIFFERENT_NAMES) {
        expect((await subject().users.accountNamed(username))?.user.username).to.equal(username);
      }
    });

    it('gives an e-mail address to one account only, in any letter case', async () => {
      await add('ada', { email: 'Ada@Lab.example' });
      const refusal = await refusalOf(add('bob', { email: 'ada@lab.EXAMPLE' }));
      expect(refusal).to.include({ kind: 'invalid', code: 'identity.email-taken' });
      await add('bob');
      await add('carol');
    });

    it('frees the name of an account that came to nothing', async () => {
      const { work, users } = subject();
      await givingUp(work, (stores) => stores.users.add(anAccount('ada', { email: 'ada@lab.example' })));
      expect(await users.accountNamed('ada')).to.equal(null);
      await add('ada', { email: 'ada@lab.example' });
    });

    it('gives one name to one of many who want it at once', async () => {
      await expectOneWinner((racer) => add(racer % 2 ? 'Zoë' : 'ZOË'), 'identity.username-taken');
      expect(await subject().users.search('zoë', 100)).to.have.length(1);
    });

    it('gives one e-mail address to one of many who want it at once', async () => {
      const email = 'lab@lab.example';
      await expectOneWinner((racer) => add(`racer ${racer}`, { email }), 'identity.email-taken');
      expect(await subject().users.search('racer', 100)).to.have.length(1);
    });

    it('knows many by name at once, each of them once', async () => {
      const { work } = subject();
      const ada = await add('Ada');
      const bob = await add('Bob');
      const strangers = Array.from({ length: 1_500 }, (_, index) => `stranger ${index}`);
      const found = await work.run(({ users }) => users.named(['ADA', ...strangers, 'bob', 'ada']));
      expect(found).to.have.deep.members([ada, bob]);
    });

    it('knows whether anybody may administrate', async () => {
      const { work, users } = subject();
      const answers = async () => [await users.anyAdmin(), await work.run((stores) => stores.users.anyAdmin())];
      for (const role of ROLES.filter((other) => !other.includes('Admin'))) await add(role, { role });
      expect(await answers()).to.deep.equal([false, false]);
      await add('root', { role: 'Super Admin' });
      expect(await answers()).to.deep.equal([true, true]);
    });

    it('counts a plain administrator too', async () => {
      await add('grace', { role: 'Admin' });
      expect(await subject().users.anyAdmin()).to.equal(true);
    });

    it('disables and enables one account', async () => {
      const { work, users } = subject();
      const ada = await add('ada');
      const bob = await add('bob');
      await work.run((stores) => stores.users.setStatus(ada.id, 'disabled'));
      expect(await users.find(ada.id)).to.deep.equal({ ...ada, status: 'disabled' });
      expect((await users.accountNamed('ada'))?.passwordHash).to.equal('hash of ada');
      expect(await users.find(bob.id)).to.deep.equal(bob);
      await work.run((stores) => stores.users.setStatus(ada.id, 'active'));
      await work.run((stores) => stores.users.setStatus(999_999, 'disabled'));
      expect(await users.find(ada.id)).to.deep.equal(ada);
    });

    describe('searched by a part of the name', () => {
      const search = async (text: string, limit = 20) =>
        (await subject().users.search(text, limit)).map((user) => user.username);

      it('finds it anywhere in the name, in any letter case', async () => {
        for (const username of ['Ada', 'Nevada', 'Bob', 'ZOË', 'chloë']) await add(username);
        expect(await search('ADA')).to.deep.equal(['Ada', 'Nevada']);
        expect(await search('vad')).to.deep.equal(['Nevada']);
        expect(await search('oË')).to.deep.equal(['chloë', 'ZOË']);
        expect(await search('x')).to.deep.equal([]);
      });

      it('puts the exact match first and the others in order of their names', async () => {
        for (const username of ['Adam', 'bada', 'ada', 'Ada 2', 'ADA 10', 'zada']) await add(username);
        expect(await search('ADA')).to.deep.equal(['ada', 'ADA 10', 'Ada 2', 'Adam', 'bada', 'zada']);
        expect(await search('zada')).to.deep.equal(['zada']);
      });

      it('stops at the limit, the exact match among what it answers', async () => {
        for (let index = 0; index < 30; index += 1) await add(`a racer ${index}`);
        await add('racer');
        expect(await search('racer', 3)).to.deep.equal(['racer', 'a racer 0', 'a racer 1']);
        expect(await search('racer', 100)).to.have.length(31);
      });

      it('takes the wildcards of databases for letters', async () => {
        const odd = ['a%b', 'a_b', 'a!b', 'a\\b', "a'b", 'a"b', 'a*b', 'a?b', 'a[b]c'];
        for (const username of [...odd, 'axb', 'ab']) await add(username);
        for (const username of odd) expect(await search(username)).to.deep.equal([username]);
        for (const username of odd) expect(await search(username.charAt(1))).to.deep.equal([username]);
        expect(await search('%')).to.deep.equal(['a%b']);
        expect(await search('!%')).to.deep.equal([]);
        expect(await search('\\_')).to.deep.equal([]);
      });
    });

    it('gives everybody an id of their own, also when many come at once', async () => {
      const { won } = await race((racer) => add(`racer ${racer}`, { createdAt: NOON + racer }));
      const ids = won.map((user) => user.id);
      expect(new Set(ids).size).to.equal(ids.length);
      for (const user of won) expect(await subject().users.find(user.id)).to.deep.equal(user);
    });
  });
};

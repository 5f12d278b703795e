import { LightClient } from '../support/light-client.js';
import { accountForm, PASSWORD } from '../support/people.js';
import { settle, wasDone, type Mutation, type Reply } from './mutation.js';

const WHO_AM_I = { method: 'GET', path: '/api/auth/me' } as const;

/** Accounts and sessions. */
export const accountMutations: readonly Mutation[] = [
  {
    name: 'register',
    weight: 0.5,
    by: 'anybody',
    async act({ world, person, ask }) {
      const username = `guest-${person.number}-${person.steps}`;
      const deed = world.ledger.registers(username);
      const guest = new LightClient();
      settle(deed, await ask({ method: 'POST', path: '/users/register', body: accountForm(username) }, [200], guest));
      if (deed.isDone) await ask(WHO_AM_I, [200], guest);
    },
  },
  {
    name: 'sign out and in',
    weight: 1.5,
    by: 'anybody',
    async act({ person: { client, username }, ask }) {
      const replayed = client.copy();
      if (wasDone(await ask({ method: 'POST', path: '/logout' }, [200]))) await ask(WHO_AM_I, [401], replayed);
      const body = { username, password: PASSWORD };
      let reply: Reply = 'unsent';
      while (typeof reply === 'string') reply = await ask({ method: 'POST', path: '/login', body }, [200]);
    },
  },
];

import { z } from 'zod';
import { ROLES, type Role, type User } from '../../../domain/index.js';
import { PASSWORD } from '../../support/people.js';
import type { Stage } from '../provider/stage.js';
import { providerState, type ProviderState } from './provider-state.js';

const account = async (stage: Stage, username: string, email: string | null, role: Role = 'User'): Promise<User> => {
  const form = { username, email, password: PASSWORD, password2: PASSWORD };
  if (role === 'User') return stage.useCases.registerUser.execute(form);
  const { token } = await stage.useCases.manageUsers.invite(await stage.root(), email, role);
  return stage.useCases.acceptInvitation.execute({ ...form, token });
};

const valuesOf = ({ id, username }: User) => ({ userId: id, [`${username}Id`]: id });

const parameters = z.object({
  username: z.string().regex(/^\w+$/).default('alice').describe('letters, digits and _'),
  email: z.email().nullable().default(null).describe('their address'),
  role: z.enum(ROLES).default('User').describe('what they may do'),
});

const tells = ['userId', '<username>Id'];

export const thereIsAnAccount: ProviderState = providerState({
  name: 'there is an account',
  meaning: `Somebody has an account and is not signed in. The password, as frontends send it, is \`${PASSWORD}\`.`,
  parameters,
  tells,
  prepare: async (stage, { username, email, role }) => {
    const user = await account(stage, username, email, role);
    stage.meet(user);
    return valuesOf(user);
  },
});

export const somebodyIsSignedIn: ProviderState = providerState({
  name: 'somebody is signed in',
  meaning: 'Somebody has an account and a session, which the cookie `session_id=<username>` of a request stands for.',
  parameters,
  tells,
  prepare: async (stage, { username, email, role }) => {
    const user = await account(stage, username, email, role);
    stage.meet(user);
    await stage.signIn(username);
    return valuesOf(user);
  },
});

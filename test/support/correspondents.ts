import type { ContainerModule } from 'inversify';
import supertest from 'supertest';
import type { Lab } from '../../composition/compose.js';
import { loadConfig } from '../../composition/config.js';
import { notifiersOf } from '../../composition/notifiers.js';
import { DiscordSink } from './discord-sink.js';
import { MailSink } from './mail-sink.js';
import { accountForm, type Agent, type Reachable } from './people.js';

/** Everything outside that a lab tells of what happens, on real sockets. */
export class Correspondents {
  readonly bookings = new DiscordSink();
  readonly admins = new DiscordSink();
  readonly mail = new MailSink();

  async start(): Promise<void> {
    await Promise.all([this.bookings.start(), this.admins.start(), this.mail.start()]);
  }

  /** Nobody listens any more; `start` brings them back where they were. */
  async stop(): Promise<void> {
    await Promise.all([this.bookings.stop(), this.admins.stop(), this.mail.stop()]);
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      BOOKING_WEBHOOK: this.bookings.url,
      ADMIN_WEBHOOK: this.admins.url,
      SMTP_URL: this.mail.url,
      MAIL_FROM: 'The Lab <lab@lab.example>',
    };
  }

  /** To be passed to `compose`. They must have been started, since that is when they get their addresses. */
  get notifiers(): ContainerModule {
    return notifiersOf(loadConfig(this.environment));
  }
}

/** Registers somebody whom mail and Discord reach. */
export const reachablePerson = async (app: Reachable, username: string, discordId: string | null): Promise<Agent> => {
  const agent = supertest.agent(app);
  const form = { ...accountForm(username), email: `${username}@people.example`, discord_id: discordId };
  await agent.post('/users/register').send(form).expect(200);
  return agent;
};

/** Tells everybody everything that can be told now. */
export const tell = async ({ fanOutEvents, deliverNotifications }: Lab): Promise<void> => {
  await fanOutEvents.execute();
  await deliverNotifications.execute();
};

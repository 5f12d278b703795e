import { ContainerModule } from 'inversify';
import { IcalCalendarFormat } from '../adapters/ical/ical-calendar-format.js';
import { DiscordNotifier } from '../adapters/notify/discord-notifier.js';
import { EmailNotifier } from '../adapters/notify/email-notifier.js';
import type { Notifier, Notifiers } from '../application/index.js';
import type { Channel } from '../domain/index.js';
import type { Config } from './config.js';
import { ports } from './tokens.js';

export const notifiers = (channels: Notifiers) =>
  new ContainerModule(({ bind }) => {
    bind(ports.notifiers).toConstantValue(channels);
  });

/** A lab in which people are told on their page only. */
export const noNotifiers = notifiers(new Map());

/** The channels that the environment names. */
export const notifiersOf = ({ lab, env }: Pick<Config, 'lab' | 'env'>): ContainerModule => {
  const { BOOKING_WEBHOOK, ADMIN_WEBHOOK, SMTP_URL, MAIL_FROM = 'openlab@localhost' } = env;
  const open = new Map<Channel, Notifier>();
  if (BOOKING_WEBHOOK !== undefined) open.set('booking-webhook', new DiscordNotifier(BOOKING_WEBHOOK));
  if (ADMIN_WEBHOOK !== undefined) open.set('admin-webhook', new DiscordNotifier(ADMIN_WEBHOOK));
  if (SMTP_URL !== undefined) {
    const settings = { url: SMTP_URL, from: MAIL_FROM, labName: lab.name };
    open.set('email', new EmailNotifier(settings, new IcalCalendarFormat(lab.name)));
  }
  return notifiers(open);
};

import { createTransport } from 'nodemailer';
import type { CalendarFormat, Delivery, Letter, Notifier } from '../../application/notification/index.js';
import { htmlOf, subjectOf, textOf } from './email-body.js';

const PATIENCE = 9000;

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string;
  /** An address, or a name and an address in angle brackets. */
  readonly from: string;
  readonly labName: string;
}

/** What the library says about a failure. */
interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
  /** What the server was asked when it failed: `EHLO`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`. */
  readonly command?: string;
}

/** Not this letter's fault: the next one would not get through either. */
const UNREACHABLE = ['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EABORT', 'EPROTOCOL'];
/** Sign in first, or otherwise (RFC 4954). */
const SIGN_IN = [530, 534, 535, 538];
/** Before these a server has heard nothing of whom and what a letter is for, only what all letters have in common. */
const OF_THE_LETTER = ['RCPT TO', 'DATA'];
/** Too large, which servers that are told the size say to the sender's address already (RFC 1870). */
const TOO_LARGE = 552;

/** Mail over SMTP, through a few connections that stay open. */
export class EmailNotifier implements Notifier {
  readonly lanes = 4;
  readonly #settings: MailSettings;
  readonly #calendars: CalendarFormat;
  readonly #patience: number;
  #transport: ReturnType<typeof transportTo> | null = null;

  /** @param patience milliseconds until an attempt is given up. */
  constructor(settings: MailSettings, calendars: CalendarFormat, patience = PATIENCE) {
    this.#patience = patience;
    this.#settings = settings;
    this.#calendars = calendars;
  }

  async send(letter: Letter): Promise<Delivery> {
    const email = letter.to?.email ?? null;
    if (letter.to === null || email === null) return { kind: 'refused', reason: 'there is no e-mail address' };
    try {
      this.#transport ??= transportTo(this.#settings.url, this.lanes, this.#patience);
      await this.#transport.sendMail({
        ...this.#mailOf(letter, letter.to.username, email),
        signal: AbortSignal.timeout(this.#patience),
      });
      return { kind: 'delivered' };
    } catch (error) {
      return troubleOf(error);
    }
  }

  close(): Promise<void> {
    this.#transport?.close();
    this.#transport = null;
    return Promise.resolve();
  }

  #mailOf({ id, message }: Letter, name: string, email: string) {
    const { from, labName } = this.#settings;
    const [first, ...others] = message.invitations.map((invitation) => ({
      method: invitation.method,
      filename: `booking-${invitation.bookingId}.ics`,
      content: this.#calendars.invitation(invitation, from, { name, email }),
    }));
    return {
      from,
      // As an object: names with commas or brackets must not become further addresses.
      to: { name, address: email },
      subject: subjectOf(labName, message),
      text: textOf(message),
      html: htmlOf(message),
      // The same when it is sent again, so that mailboxes can drop a repetition.
      messageId: `<notification-${id}@${new URL(this.#settings.url).hostname || 'openlab'}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      ...(first && { icalEvent: first }),
      attachments: others.map(({ method, filename, content }) => ({
        ...{ filename, content },
        contentType: `text/calendar; charset=utf-8; method=${method}`,
      })),
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }
}

const transportTo = (url: string, connections: number, patience: number) =>
  createTransport({
    url,
    pool: true,
    maxConnections: connections,
    // Whether to try again is decided where it is also written down.
    maxRequeues: 0,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  });

const troubleOf = (error: unknown): Delivery => {
  const { code = 'unknown error', responseCode = 0, command = '' } = error as SmtpFailure;
  // No address and no text of the server's: a log must not learn from it who is who.
  const reason = `mail could not be sent (${code}${responseCode === 0 ? '' : `, ${responseCode}`})`;
  const isServers = UNREACHABLE.includes(code) || SIGN_IN.includes(responseCode) || responseCode === 421;
  if (responseCode < 500 || isServers) return { kind: 'later', reason, everybody: isServers };
  const isLetters = OF_THE_LETTER.includes(command) || responseCode === TOO_LARGE;
  return isLetters ? { kind: 'refused', reason } : { kind: 'later', reason, everybody: true };
};

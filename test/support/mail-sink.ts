import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { buffer } from 'node:stream/consumers';

/** A letter as it came over the wire. */
export interface Received extends ParsedMail {
  /** As the envelope says. */
  readonly recipients: readonly string[];
}

/** How a mail server may behave. */
export type MailMood =
  | { readonly kind: 'taking' }
  /** Refuses the recipient: 450 is greylisting, 550 is for good. */
  | { readonly kind: 'refusing'; readonly code: number }
  /** Refuses whoever comes with its greeting. */
  | { readonly kind: 'refusing-everybody' }
  /** Takes the whole message and answers this. */
  | { readonly kind: 'after-data'; readonly code: number }
  /** Closes the connection in the middle of the message. */
  | { readonly kind: 'closing' }
  /** Never answers the message. */
  | { readonly kind: 'hanging' };

const failure = (code: number): Error =>
  Object.assign(new Error('mailbox is not <there@lab.example>'), { responseCode: code });

/** A real mail server on a port of its own. */
export class MailSink {
  readonly received: Received[] = [];
  mood: MailMood = { kind: 'taking' };
  #server: SMTPServer | null = null;
  #port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 50,
      onConnect: (_session, callback) => {
        callback(this.mood.kind === 'refusing-everybody' ? failure(554) : undefined);
      },
      onRcptTo: (_address, _session, callback) => {
        callback(this.mood.kind === 'refusing' ? failure(this.mood.code) : undefined);
      },
      onData: (stream, session, callback) => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        this.#take(stream, recipients).then(callback, callback);
      },
    });
    server.on('error', () => undefined);
    server.listen(this.#port, '127.0.0.1');
    await once(server.server, 'listening');
    this.#port = (server.server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }

  async #take(stream: SMTPServerDataStream, recipients: readonly string[]): Promise<Error | null> {
    const { mood } = this;
    if (mood.kind === 'closing') {
      for (const connection of this.#server?.connections ?? []) {
        (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
      }
      return null;
    }
    const raw = await buffer(stream);
    if (mood.kind === 'hanging') return new Promise(() => undefined);
    if (mood.kind === 'after-data') return failure(mood.code);
    this.received.push({ ...(await simpleParser(raw)), recipients });
    return null;
  }
}

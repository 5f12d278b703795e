import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import fc from 'fast-check';
import { IcalCalendarFormat } from '../../adapters/ical/ical-calendar-format.js';
import { RecordingNotifier } from '../../adapters/memory/recording-notifier.js';
import { DiscordNotifier } from '../../adapters/notify/discord-notifier.js';
import { discordContent, escapeForDiscord, LONGEST_CONTENT } from '../../adapters/notify/discord-text.js';
import { EmailNotifier } from '../../adapters/notify/email-notifier.js';
import type { Letter } from '../../application/index.js';
import type { Invitation, Message, User } from '../../domain/index.js';
import ICAL from 'ical.js';
import { notifierContract, type NotifierSubject } from '../contracts/index.js';
import { DiscordSink } from '../support/discord-sink.js';
import { MailSink } from '../support/mail-sink.js';
import { MONDAY_MORNING } from '../support/manual-clock.js';

const SEED = Number(process.env.NOTIFIERS_SEED ?? Date.now() % 2 ** 31);

const recording = async (): Promise<NotifierSubject> => {
  const notifier = new RecordingNotifier();
  return {
    notifier,
    arrived: () => notifier.letters.map(({ message }) => JSON.stringify(message)),
    trouble: async (kind) => {
      const later = { kind: 'later', reason: 'in trouble', everybody: kind === 'gone' } as const;
      notifier.answerWith(kind === null ? null : kind === 'refusing' ? { kind: 'refused', reason: 'no' } : later);
    },
    refuseEverybody: async () => {
      notifier.answerWith({ kind: 'later', reason: 'in trouble', everybody: true });
    },
    close: () => notifier.close(),
  };
};

const atDiscord = async (): Promise<NotifierSubject & { readonly sink: DiscordSink }> => {
  const sink = await new DiscordSink().start();
  let isGone = false;
  return {
    sink,
    notifier: new DiscordNotifier(sink.url),
    arrived: () => sink.contents,
    trouble: async (kind) => {
      if (kind === 'gone') await sink.stop();
      else if (isGone) await sink.start();
      isGone = kind === 'gone';
      if (kind === 'refusing') sink.mood = { kind: 'answering', status: 400 };
      else if (kind === 'busy') sink.mood = { kind: 'answering', status: 429, body: { retry_after: 1.5 } };
      else sink.mood = { kind: 'taking' };
    },
    refuseEverybody: async () => {
      sink.mood = { kind: 'answering', status: 404 };
    },
    close: () => sink.stop(),
  };
};

const FROM = 'The Lab <lab@lab.example>';

const byMail = async (): Promise<NotifierSubject & { readonly sink: MailSink }> => {
  const sink = await new MailSink().start();
  const settings = { url: sink.url, from: FROM, labName: 'OpenLab' };
  const notifier = new EmailNotifier(settings, new IcalCalendarFormat('OpenLab'));
  return {
    sink,
    notifier,
    arrived: () => sink.received.map(({ subject, text, html }) => `${subject ?? ''}\n${text ?? ''}\n${String(html)}`),
    trouble: async (kind) => {
      await sink.stop();
      if (kind !== 'gone') await sink.start();
      if (kind === 'refusing') sink.mood = { kind: 'refusing', code: 550 };
      else if (kind === 'busy') sink.mood = { kind: 'refusing', code: 450 };
      else sink.mood = { kind: 'taking' };
    },
    refuseEverybody: async () => {
      sink.mood = { kind: 'refusing-everybody' };
    },
    close: async () => {
      await notifier.close();
      await sink.stop();
    },
  };
};

notifierContract('the recording fake', recording);
notifierContract('Discord', atDiscord);
notifierContract('mail', byMail);

const person = (other: Partial<User> = {}): User => ({
  ...{ id: 1, username: 'ada', email: 'ada@people.example', discordId: null, role: 'User' },
  ...{ status: 'active', createdAt: MONDAY_MORNING },
  ...other,
});

const letter = (message: Partial<Message> = {}, to: User = person()): Letter => ({
  ...{ id: 7, to, about: to },
  message: { title: 'Title', facts: [], about: 1, link: '/', invitations: [], ...message },
});

describe('Discord as a way to reach people, beyond the contract', () => {
  let subject: Awaited<ReturnType<typeof atDiscord>>;
  beforeEach(async () => {
    subject = await atDiscord();
  });
  afterEach(() => subject.close());

  it('mentions the person concerned, and nobody whose number is not one', async () => {
    const { notifier, sink } = subject;
    for (const discordId of ['123456789012345678', '@everyone', '1', '<@1>', null]) {
      await notifier.send(letter({}, person({ discordId })));
    }
    expect(sink.posted.map(({ allowed_mentions: { users } }) => users)).to.deep.equal([
      ...[['123456789012345678'], [], [], [], []],
    ]);
    expect(sink.posted.every(({ allowed_mentions: { parse } }) => parse.length === 0)).to.equal(true);
    expect(sink.contents.slice(1).every((content) => content === '**Title**')).to.equal(true);
    expect(sink.posted[0]!.path).to.include('wait=true');
  });

  it('waits as long as it is told, in either way of saying so', async () => {
    const { notifier, sink } = subject;
    sink.mood = { kind: 'answering', status: 429, body: { retry_after: 1.5, global: false } };
    expect(await notifier.send(letter())).to.include({ kind: 'later', after: 1500, everybody: true });
    sink.mood = { kind: 'answering', status: 429, headers: { 'retry-after': '7' } };
    expect(await notifier.send(letter())).to.include({ kind: 'later', after: 7000 });
    for (const retry_after of ['soon', -1, null, 1e308]) {
      sink.mood = { kind: 'answering', status: 429, body: { retry_after } };
      const outcome = await notifier.send(letter());
      expect(outcome.kind === 'later' && outcome.after).to.be.within(1000, 3_600_000);
    }
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '0.4' };
    sink.mood = { kind: 'answering', status: 200, headers };
    expect(await notifier.send(letter())).to.deep.equal({ kind: 'delivered', pause: 400 });
  });

  it('tries again what may not have been taken, and gives up what never will be', async () => {
    const { notifier, sink } = subject;
    for (const [status, kind] of [
      [500, 'later'],
      [503, 'later'],
      [302, 'later'],
      [400, 'refused'],
      [401, 'later'],
      [404, 'later'],
    ] as const) {
      sink.mood = { kind: 'answering', status };
      expect((await notifier.send(letter())).kind, String(status)).to.equal(kind);
    }
    sink.mood = { kind: 'vanishing' };
    expect(await notifier.send(letter())).to.include({ kind: 'later', everybody: true });
  });

  it('keeps everything for a quarter of an hour at a time when its webhook is gone', async () => {
    const { notifier, sink } = subject;
    for (const status of [401, 404]) {
      sink.mood = { kind: 'answering', status };
      const outcome = await notifier.send(letter());
      expect(outcome).to.include({ kind: 'later', after: 900_000, everybody: true });
      expect(outcome.kind === 'later' && outcome.reason).to.match(/webhook does not exist/);
    }
  });

  it('gives up on a server that never answers', async () => {
    subject.sink.mood = { kind: 'hanging' };
    const impatient = new DiscordNotifier(subject.sink.url, 100);
    expect(await impatient.send(letter())).to.include({ kind: 'later', everybody: true });
  });

  it(`is given text that cannot ping, format or link, never more than it takes (NOTIFIERS_SEED=${SEED})`, () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc
        .array(
          fc.constantFrom('@everyone', '<@1>', '**', '`', '\\', '\n', '||', 'https://x', '# ', ':a:', '🔌', 'x', ' '),
          { maxLength: 900 },
        )
        .map((parts) => parts.join('')),
    );
    const fact = fc.record({ label: anyText, text: anyText });
    fc.assert(
      fc.property(anyText, fc.array(fact, { maxLength: 8 }), (title, facts) => {
        const content = discordContent({ title, facts, about: null, link: '/', invitations: [] }, null);
        expect(content.length).to.be.at.most(LONGEST_CONTENT);
        expect(content).not.to.match(/[\ud800-\udbff]…/);
        // Signs that mean something stand behind an odd number of backslashes; those of our own are taken off first.
        const [first = '', ...others] = content.split('\n');
        const own = [first.replace(/^\*\*/, '').replace(/\*\*$/, ''), ...others].join(' ');
        expect(own.replaceAll(/\\[!-/:-@[-`{-~]/g, '')).not.to.match(/[@<*_`|~#\\>[\](]/);
      }),
      { seed: SEED, numRuns: 200 },
    );
    expect(escapeForDiscord('a, b. c')).to.equal('a, b. c');
  });
});

const anInvitation = (other: Partial<Invitation> = {}): Invitation => ({
  ...{ bookingId: 17, method: 'REQUEST', status: 'CONFIRMED', sequence: 3, changedAt: MONDAY_MORNING },
  ...{ slot: { start: Date.UTC(2026, 10, 24, 9), end: Date.UTC(2026, 10, 24, 12) }, summary: 'ROADM 1' },
  ...other,
});

describe('mail as a way to reach people, beyond the contract', () => {
  let subject: Awaited<ReturnType<typeof byMail>>;
  beforeEach(async () => {
    subject = await byMail();
  });
  afterEach(() => subject.close());

  it('keeps what a server refuses that would refuse every letter, and gives up what it refuses of one', async () => {
    const answering = async (greeting: string, replies: Readonly<Record<string, string>>) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined).write(`${greeting}\r\n`);
        createInterface(socket).on('line', (line) => {
          const command = Object.keys(replies).find((known) => line.startsWith(known));
          socket.write(`${command === undefined ? '250 ok' : replies[command]}\r\n`);
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const settings = { url: `smtp://127.0.0.1:${port}`, from: FROM, labName: 'OpenLab' };
      const notifier = new EmailNotifier(settings, new IcalCalendarFormat('OpenLab'));
      const outcome = await notifier.send(letter());
      await notifier.close();
      server.close();
      return outcome;
    };
    const hello = '220 mail.lab.example';
    for (const everybodys of [
      await answering('554 down for maintenance', {}),
      await answering(hello, { EHLO: '550 no', HELO: '550 no' }),
      await answering(hello, { 'MAIL FROM': '530 5.7.0 authentication required' }),
      await answering(hello, { 'MAIL FROM': '550 this sender may not' }),
      await answering(hello, { 'RCPT TO': '530 authentication required' }),
    ]) {
      expect(everybodys).to.include({ kind: 'later', everybody: true });
    }
    const tooLarge = await answering(hello, { 'MAIL FROM': '552 5.3.4 message too big' });
    expect(tooLarge, 'or it would hold up all others').to.include({ kind: 'refused' });
    expect(await answering(hello, { 'RCPT TO': '552 mailbox full' })).to.include({ kind: 'refused' });
  });

  it('goes to one address, whatever names and messages hold', async () => {
    const username = 'ada", <evil@evil.example>, "x\r\nBcc: worse@evil.example\r\nX-Evil: 1';
    const text = 'x\r\nBcc: worse@evil.example\r\n.\r\nQUIT\r\n<script>alert(1)</script>';
    await subject.notifier.send(letter({ title: text, facts: [{ label: text, text }] }, person({ username })));
    const [mail] = subject.sink.received;
    expect(mail!.recipients).to.deep.equal(['ada@people.example']);
    expect([...mail!.headers.keys()])
      .to.include.members(['from', 'to', 'subject'])
      .and.not.include.members(['bcc']);
    expect(mail!.headers.has('x-evil')).to.equal(false);
    expect(mail!.html).not.to.include('<script>');
    expect(mail!.text).to.include('<script>alert(1)</script>');
    expect(mail!.subject).to.not.match(/[\r\n]/);
  });

  it('carries an invitation for each booking, which another program understands', async () => {
    const invitations = [anInvitation(), anInvitation({ bookingId: 18 })];
    await subject.notifier.send(letter({ invitations }));
    const cancelling = [anInvitation({ method: 'CANCEL', status: 'CANCELLED', sequence: 4 })];
    await subject.notifier.send(letter({ invitations: cancelling }));
    const read = subject.sink.received.map(({ attachments }) =>
      attachments
        .filter(({ contentType }) => /calendar|ics/.test(contentType))
        .map(({ content }) => {
          const calendar = new ICAL.Component(ICAL.parse(content.toString()) as unknown[]);
          const component = calendar.getFirstSubcomponent('vevent')!;
          const { uid, sequence, organizer, attendees, startDate } = new ICAL.Event(component);
          return [
            ...[calendar.getFirstPropertyValue('method'), component.getFirstPropertyValue('status'), uid, sequence],
            ...[
              organizer,
              attendees.map((attendee) => String(attendee.getFirstValue()).toLowerCase()),
              startDate.toJSDate().toISOString(),
            ],
          ];
        }),
    );
    const people = ['mailto:lab@lab.example', ['mailto:ada@people.example'], '2026-11-24T09:00:00.000Z'];
    const [both = [], cancelled = []] = read;
    expect(both).to.deep.include(['REQUEST', 'CONFIRMED', 'booking-17@openlab.openlab', 3, ...people]);
    expect(both).to.deep.include(['REQUEST', 'CONFIRMED', 'booking-18@openlab.openlab', 3, ...people]);
    expect(cancelled[0]).to.deep.equal(['CANCEL', 'CANCELLED', 'booking-17@openlab.openlab', 4, ...people]);
  });

  it('has the same Message-ID when it is sent again', async () => {
    for (let time = 0; time < 2; time += 1) await subject.notifier.send(letter());
    const ids = subject.sink.received.map(({ messageId }) => messageId);
    expect(new Set(ids).size).to.equal(1);
  });

  it('is tried again when the server put it off or went away in the middle, and not when it was refused', async () => {
    const { notifier, sink } = subject;
    const outcomes: Record<string, string> = {};
    for (const mood of [
      ...([450, 550] as const).map((code) => ({ kind: 'refusing', code }) as const),
      ...([451, 554] as const).map((code) => ({ kind: 'after-data', code }) as const),
      { kind: 'closing' } as const,
    ]) {
      sink.mood = mood;
      const outcome = await notifier.send(letter());
      outcomes['code' in mood ? String(mood.code) : mood.kind] = outcome.kind;
    }
    expect(outcomes).to.deep.equal({ 450: 'later', 451: 'later', 550: 'refused', 554: 'refused', closing: 'later' });
    sink.mood = { kind: 'taking' };
    expect((await notifier.send(letter())).kind).to.equal('delivered');
    expect(sink.received).to.have.length(1);
  });

  it('gives up on a server that never answers', async () => {
    subject.sink.mood = { kind: 'hanging' };
    const settings = { url: subject.sink.url, from: FROM, labName: 'OpenLab' };
    const impatient = new EmailNotifier(settings, new IcalCalendarFormat('OpenLab'), 500);
    expect(await impatient.send(letter())).to.include({ kind: 'later', everybody: true });
    await impatient.close();
  });

  it('cannot reach somebody without an address', async () => {
    expect((await subject.notifier.send(letter({}, person({ email: null })))).kind).to.equal('refused');
  });
});

import {
  describeEvent,
  namedIn,
  recipientsOf,
  shortened,
  type Channel,
  type LabZone,
  type TellingPolicy,
} from '../../domain/index.js';
import type { RecordedEvent } from '../events/ports.js';
import type { Clock } from '../shared/ports.js';
import type { NewNotification, NotificationWork } from './ports.js';

/** Events in one transaction: it is over before anybody misses the lock that it holds. */
const AT_ONCE = 200;
const LONGEST_TEXT = 1000;

/** Turns what happened into one notification for each channel and reader, and gives each event its place. */
export class FanOutEvents {
  readonly #work: NotificationWork;
  readonly #clock: Clock;
  readonly #zone: LabZone;
  readonly #policy: TellingPolicy;
  readonly #channels: ReadonlySet<Channel>;

  /** @param channels those that this lab has. */
  constructor(
    work: NotificationWork,
    clock: Clock,
    zone: LabZone,
    policy: TellingPolicy,
    channels: ReadonlySet<Channel>,
  ) {
    this.#work = work;
    this.#clock = clock;
    this.#zone = zone;
    this.#policy = policy;
    this.#channels = channels;
  }

  /** @returns how many events were waiting. */
  async execute(): Promise<number> {
    for (let told = 0; ;) {
      const some = await this.#some();
      told += some;
      if (some < AT_ONCE) return told;
    }
  }

  #some(): Promise<number> {
    return this.#work.run(async ({ outbox, people }) => {
      const events = await outbox.untold(AT_ONCE);
      if (events.length === 0) return 0;
      const named = await people.withIds([...new Set(events.flatMap(({ event }) => namedIn(event)))]);
      const users = new Map(named.map((user) => [user.id, user]));
      const nameOf = (id: number) => users.get(id)?.username ?? `user ${id}`;
      await outbox.add(
        events.flatMap((recorded) => {
          const recipients = recipientsOf(recorded.event, this.#policy, users, this.#channels);
          return recipients.length === 0 ? [] : this.#notifications(recorded, recipients, nameOf);
        }),
      );
      await outbox.place(events.map(({ id }) => id));
      return events.length;
    });
  }

  #notifications(
    { id, event }: RecordedEvent,
    recipients: ReturnType<typeof recipientsOf>,
    nameOf: (id: number) => string,
  ): NewNotification[] {
    const { title, facts, link } = describeEvent(event, nameOf, this.#zone);
    const told = ['When', 'First slot', 'Reason', 'Message'];
    const details = facts.filter(({ label }) => told.includes(label)).map(({ text }) => text);
    const text = shortened([title, ...details].join('. '), LONGEST_TEXT);
    const createdAt = this.#clock.now();
    return recipients.map((recipient) => ({
      ...recipient,
      ...{ eventId: id, type: event.type, text, link, createdAt },
      state: recipient.channel === 'in-app' ? 'sent' : 'waiting',
    }));
  }
}

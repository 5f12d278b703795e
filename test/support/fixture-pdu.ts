import { ErrorStatus } from 'net-snmp';
import { SnmpAgent, type AgentAccess, type AgentObject } from '../../adapters/snmp/agent/snmp-agent.js';
import type { RecordedObject } from './snmprec.js';

/** What a device does when a control column is set: per accepted value, what its state column shows then. */
export interface Switching {
  readonly control: string;
  readonly state: string;
  readonly shows: Readonly<Record<number, number>>;
}

export interface FixtureOptions {
  readonly access?: Partial<AgentAccess>;
  /** Milliseconds until the state column shows what was set. */
  readonly lag?: number;
  /** Answers this to every SET that it executes, as some devices do. */
  readonly complains?: ErrorStatus;
  /** Answers every SET as done and does nothing. */
  readonly stuck?: boolean;
  readonly room?: number;
}

export interface ExecutedSet {
  readonly oid: string;
  readonly value: number;
}

export const READ_COMMUNITY = 'public-for-tests';
export const WRITE_COMMUNITY = 'private-for-tests';

/** A device made of a recorded walk, on a UDP port of this machine. It keeps the SETs that it executed. */
export class FixturePdu {
  readonly executed: ExecutedSet[] = [];
  port = 0;
  readonly #values: Map<string, RecordedObject['value']>;
  readonly #agent: SnmpAgent;
  readonly #options: FixtureOptions;
  readonly #pending = new Set<NodeJS.Timeout>();

  constructor(recording: readonly RecordedObject[], switching: readonly Switching[], options: FixtureOptions = {}) {
    this.#options = options;
    this.#values = new Map(recording.map(({ oid, value }) => [oid, value]));
    const objects = recording.map(({ oid, type }): AgentObject => {
      const read = () => this.#values.get(oid) ?? 0;
      const rule = switching.find(({ control }) => oid.startsWith(`${control}.`));
      return rule ? { oid, type, read, write: (value) => this.#write(rule, oid, value) } : { oid, type, read };
    });
    const access = { readCommunity: READ_COMMUNITY, writeCommunity: WRITE_COMMUNITY, ...options.access };
    this.#agent = new SnmpAgent(objects, access, options.room);
  }

  /** @param port the one it had before, when it comes back after a reboot. */
  async start(port = 0): Promise<this> {
    this.port = await this.#agent.listen(port);
    return this;
  }

  stop(): void {
    for (const timer of this.#pending) clearTimeout(timer);
    this.#pending.clear();
    this.#agent.close();
  }

  /** Changes a value behind everybody's back. */
  change(oid: string, value: RecordedObject['value']): void {
    if (!this.#values.has(oid)) throw new Error(`nothing is at ${oid}`);
    this.#values.set(oid, value);
  }

  value(oid: string): RecordedObject['value'] | undefined {
    return this.#values.get(oid);
  }

  #write({ control, state, shows }: Switching, oid: string, value: unknown): ErrorStatus | undefined {
    const shown = typeof value === 'number' ? shows[value] : undefined;
    if (typeof value !== 'number' || shown === undefined) return ErrorStatus.BadValue;
    this.executed.push({ oid, value });
    if (this.#options.stuck) return undefined;
    const show = () => this.#values.set(`${state}${oid.slice(control.length)}`, shown);
    if (this.#options.lag === undefined) show();
    else {
      const timer = setTimeout(() => {
        this.#pending.delete(timer);
        show();
      }, this.#options.lag);
      this.#pending.add(timer);
    }
    return this.#options.complains;
  }
}

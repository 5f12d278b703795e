import type { Clock, OutletReading, PduIdentity, PduReading } from '../../../application/index.js';
import type { OutletState } from '../../../domain/index.js';

export interface SimulatedOutlet {
  readonly name?: string;
  readonly on?: boolean;
  /** What is plugged in takes this much while it is on. */
  readonly watts?: number;
  readonly switchable?: boolean;
}

/**
 * What a simulated PDU does wrong: it does not answer, lets nobody write, answers orders and does nothing, or does
 * them and its answer is lost.
 */
export type SimulatedFault = 'silent' | 'read-only' | 'stuck' | 'lost-answers';

export interface SimulatedPduOptions {
  readonly outlets: readonly SimulatedOutlet[];
  readonly serialNumber?: string;
  /** Milliseconds from an order to its effect. */
  readonly lag?: number;
}

interface Outlet {
  readonly number: number;
  readonly name: string;
  readonly load: number;
  readonly switchable: boolean;
  on: boolean;
  pending: { readonly to: boolean; readonly at: number } | null;
}

const VOLTS = 230;
const JOULES_IN_KILOWATT_HOUR = 3.6e6;
const USUAL_LOAD = 40;

/** A rack PDU that exists only here. Outlets follow orders after a while, power and energy follow the outlets. */
export class SimulatedPdu {
  readonly identity: PduIdentity;
  fault: SimulatedFault | null = null;
  readonly #outlets: readonly Outlet[];
  readonly #clock: Clock;
  readonly #lag: number;
  #joules = 0;
  #countedAt: number;
  #orders = 0;

  constructor({ outlets, serialNumber = 'SIM0000001', lag = 0 }: SimulatedPduOptions, clock: Clock) {
    this.identity = {
      driver: 'simulated',
      manufacturer: 'OpenLab',
      model: 'Simulated PDU',
      serialNumber,
      firmware: '1',
    };
    this.#clock = clock;
    this.#lag = lag;
    this.#countedAt = clock.now();
    this.#outlets = outlets.map(({ name, on = true, watts = USUAL_LOAD, switchable = true }, place) => ({
      number: place + 1,
      name: name ?? `Outlet ${place + 1}`,
      load: watts,
      switchable,
      on,
      pending: null,
    }));
  }

  get numbers(): readonly number[] {
    return this.#outlets.map(({ number }) => number);
  }

  /** How many orders it carried out, or said that it did. */
  get orders(): number {
    return this.#orders;
  }

  /** @returns null when there is no such outlet. */
  outlet(number: number): OutletReading | null {
    this.#settle();
    const outlet = this.#outlets[number - 1];
    if (!outlet) return null;
    const { name, switchable } = outlet;
    return { number, name, state: stateOf(outlet), watts: wattsOf(outlet), switchable };
  }

  read(): PduReading {
    const outlets = this.numbers.map((number) => this.outlet(number)).filter((outlet) => outlet !== null);
    const watts = this.#watts();
    return {
      identity: this.identity,
      outlets,
      watts,
      kilowattHours: Math.round((this.#joules / JOULES_IN_KILOWATT_HOUR) * 1e3) / 1e3,
      amperes: Math.round((watts / VOLTS) * 1e3) / 1e3,
      celsius: 22,
      relativeHumidity: 40,
    };
  }

  /** @throws RangeError when there is no such outlet; links look first. */
  order(number: number, to: 'on' | 'off'): void {
    this.#settle();
    const outlet = this.#outlets[number - 1];
    if (!outlet) throw new RangeError(`no outlet ${number}`);
    this.#orders++;
    if (this.fault === 'stuck') return;
    outlet.pending = { to: to === 'on', at: this.#clock.now() + this.#lag };
    this.#settle();
  }

  #watts(): number {
    return this.#outlets.reduce((sum, outlet) => sum + wattsOf(outlet), 0);
  }

  /** Brings everything up to now. */
  #settle(): void {
    const now = this.#clock.now();
    // A clock that was set back takes no energy back.
    this.#joules += (this.#watts() * Math.max(0, now - this.#countedAt)) / 1_000;
    this.#countedAt = now;
    for (const outlet of this.#outlets) {
      if (!outlet.pending || outlet.pending.at > now) continue;
      outlet.on = outlet.pending.to;
      outlet.pending = null;
    }
  }
}

const stateOf = ({ on, pending }: Outlet): OutletState => {
  if (pending && pending.to !== on) return 'transitioning';
  return on ? 'on' : 'off';
};

const wattsOf = ({ on, load }: Outlet): number => (on ? load : 0);

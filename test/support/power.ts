import { setImmediate } from 'node:timers/promises';
import type { ContainerModule } from 'inversify';
import { SimulatedPdu } from '../../adapters/snmp/simulated/simulated-pdu.js';
import type { Clock, Pauses } from '../../application/index.js';
import { hardware } from '../../composition/adapters.js';
import { ManualClock } from './manual-clock.js';

export const POWER_KEY = 'a key that only tests know';

/** Nobody waits: whoever pauses goes on in the next round of the event loop. */
export const shortPauses: Pauses = { wait: () => setImmediate() };

/** Whoever pauses moves the clock. */
export const clockPauses = (clock: ManualClock): Pauses => ({
  wait: async (milliseconds) => {
    await setImmediate();
    clock.advance(milliseconds);
  },
});

/** Simulated PDUs of eight outlets that obey at once, made when they are first asked for. */
export class ObedientRack extends Map<string, SimulatedPdu> {
  readonly #clock: Clock;
  readonly #lag: number;

  constructor(clock: Clock = new ManualClock(), lag = 0) {
    super();
    this.#clock = clock;
    this.#lag = lag;
  }

  override get(host: string): SimulatedPdu {
    const known = super.get(host);
    if (known) return known;
    const outlets = Array.from({ length: 8 }, () => ({}));
    const pdu = new SimulatedPdu({ outlets, serialNumber: host, lag: this.#lag }, this.#clock);
    this.set(host, pdu);
    return pdu;
  }
}

/** Hardware of a lab whose simulated PDUs are in that rack. */
export const simulatedHardware = (rack: ReadonlyMap<string, SimulatedPdu> = new ObedientRack()): ContainerModule =>
  hardware(POWER_KEY, null, { rack });

import { serveSimulatedPdu, type ServedPdu } from '../adapters/snmp/simulated/serve-simulated-pdu.js';
import { SimulatedPdu } from '../adapters/snmp/simulated/simulated-pdu.js';
import type { Clock } from '../application/index.js';

const OUTLETS = 8;
/** Milliseconds, about as slow as real ones. */
const LAG = 300;

/** Where the example lab's PDU is to be seen over SNMP, unless something else is there already. */
const USUAL_PORT = 16_161;
export const SIMULATED_COMMUNITY = 'public';

/** Every simulated PDU that anybody registers, made when it is first asked for. */
export class SimulatedRack extends Map<string, SimulatedPdu> {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override get(host: string): SimulatedPdu {
    const known = super.get(host);
    if (known) return known;
    const outlets = Array.from({ length: OUTLETS }, () => ({}));
    const pdu = new SimulatedPdu({ outlets, serialNumber: `SIM-${host.toUpperCase()}`, lag: LAG }, this.#clock);
    this.set(host, pdu);
    return pdu;
  }
}

/** Lets others look at it, but not switch it, over SNMP on the loopback interface. */
export const showSimulatedPdu = async (pdu: SimulatedPdu): Promise<ServedPdu> => {
  const access = { readCommunity: SIMULATED_COMMUNITY, writeCommunity: null };
  return serveSimulatedPdu(pdu, access, USUAL_PORT).catch(() => serveSimulatedPdu(pdu, access));
};

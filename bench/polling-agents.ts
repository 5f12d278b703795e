/** A rack of simulated PDUs in a process of its own, so that what they cost is not counted; for bench/polling.ts. */
import { AuthProtocols, PrivProtocols, SecurityLevel } from 'net-snmp';
import { serveSimulatedPdu } from '../adapters/snmp/simulated/serve-simulated-pdu.js';
import { SimulatedPdu } from '../adapters/snmp/simulated/simulated-pdu.js';
import { KEY, OUTLETS, PDUS, READ_COMMUNITY, USER, WRITE_COMMUNITY } from './polling-rack.js';

const clock = { now: () => Date.now() };
const access = {
  readCommunity: READ_COMMUNITY,
  writeCommunity: WRITE_COMMUNITY,
  users: [
    {
      name: USER,
      level: SecurityLevel.authPriv,
      authProtocol: AuthProtocols.sha512,
      authKey: KEY,
      privProtocol: PrivProtocols.aes256b,
      privKey: KEY,
    },
  ],
};

const ports: number[] = [];
for (let pdu = 1; pdu <= PDUS; pdu++) {
  const outlets = Array.from({ length: OUTLETS }, (_, place) => ({
    name: `rack ${pdu} device ${place + 1}`,
    watts: 10 * place,
  }));
  const served = await serveSimulatedPdu(new SimulatedPdu({ outlets, serialNumber: `SIM${pdu}` }, clock), access);
  ports.push(served.port);
}
process.send?.(ports);
process.on('disconnect', () => process.exit());

import { ErrorStatus, ObjectType } from 'net-snmp';
import type { PduReading } from '../../../application/index.js';
import type { OutletState } from '../../../domain/index.js';
import { SnmpAgent, type AgentAccess, type AgentObject } from '../agent/snmp-agent.js';
import type { SimulatedPdu } from './simulated-pdu.js';

const ROOT = '1.3.6.1.4.1.13742.6';
const UNAVAILABLE = -1;
/** As a Raritan says it; on the way it says that it cannot tell. */
const STATES: Readonly<Record<OutletState, number>> = {
  on: 7,
  off: 8,
  transitioning: UNAVAILABLE,
  unknown: UNAVAILABLE,
  unavailable: UNAVAILABLE,
};
const ORDERS: Readonly<Record<number, 'on' | 'off'>> = { 0: 'off', 1: 'on' };
const CURRENT = 1;
const POWER = 5;
const ENERGY = 8;

const integer = (oid: string, read: () => number): AgentObject => ({ oid, type: ObjectType.Integer, read });
const gauge = (oid: string, read: () => number): AgentObject => ({ oid, type: ObjectType.Gauge, read });
const text = (oid: string, value: string): AgentObject => ({ oid, type: ObjectType.OctetString, read: () => value });

const outletObjects = (pdu: SimulatedPdu, number: number): AgentObject[] => {
  const row = `1.${number}`;
  const now = () => pdu.outlet(number);
  return [
    text(`${ROOT}.3.5.3.1.2.${row}`, `${number}`),
    text(`${ROOT}.3.5.3.1.3.${row}`, now()?.name ?? ''),
    integer(`${ROOT}.3.5.3.1.28.${row}`, () => (now()?.switchable ? 1 : 2)),
    integer(`${ROOT}.4.1.2.1.3.${row}`, () => STATES[now()?.state ?? 'unknown']),
    gauge(`${ROOT}.3.5.4.1.7.${row}.${POWER}`, () => 0),
    gauge(`${ROOT}.5.4.3.1.4.${row}.${POWER}`, () => Math.round(now()?.watts ?? 0)),
    {
      oid: `${ROOT}.4.1.2.1.2.${row}`,
      type: ObjectType.Integer,
      read: () => (now()?.state === 'on' ? 1 : 0),
      write: (value) => {
        const to = typeof value === 'number' ? ORDERS[value] : undefined;
        if (!to) return ErrorStatus.WrongValue;
        if (pdu.fault === 'read-only' || !now()?.switchable) return ErrorStatus.NotWritable;
        pdu.order(number, to);
        return undefined;
      },
    },
  ];
};

const inletObjects = (
  sensor: number,
  digits: number,
  read: (reading: PduReading) => number | null,
  pdu: SimulatedPdu,
): AgentObject[] => [
  gauge(`${ROOT}.3.3.4.1.7.1.1.${sensor}`, () => digits),
  gauge(`${ROOT}.5.2.3.1.4.1.1.${sensor}`, () => Math.round((read(pdu.read()) ?? 0) * 10 ** digits)),
];

const objectsOf = (pdu: SimulatedPdu): AgentObject[] => {
  const { manufacturer, model, serialNumber, firmware } = pdu.identity;
  return [
    text('1.3.6.1.2.1.1.1.0', `${model ?? ''} of ${manufacturer ?? ''}`),
    { oid: '1.3.6.1.2.1.1.2.0', type: ObjectType.OID, read: () => ROOT },
    gauge(`${ROOT}.3.1.0`, () => 1),
    text(`${ROOT}.3.2.1.1.2.1`, manufacturer ?? ''),
    text(`${ROOT}.3.2.1.1.3.1`, model ?? ''),
    text(`${ROOT}.3.2.1.1.4.1`, serialNumber ?? ''),
    text(`${ROOT}.3.2.3.1.6.1.1.1`, firmware ?? ''),
    ...inletObjects(CURRENT, 3, ({ amperes }) => amperes, pdu),
    ...inletObjects(POWER, 0, ({ watts }) => watts, pdu),
    // In Wh.
    ...inletObjects(ENERGY, 0, ({ kilowattHours }) => (kilowattHours ?? 0) * 1_000, pdu),
    ...pdu.numbers.flatMap((number) => outletObjects(pdu, number)),
  ];
};

/** A simulated PDU on the network of this machine. */
export interface ServedPdu {
  readonly port: number;
  close(): void;
}

/**
 * Lets others see a simulated PDU as a Raritan PX3 over SNMP, for example Debian's `snmpget`.
 * @param port 0 for one that is free.
 */
export const serveSimulatedPdu = async (pdu: SimulatedPdu, access: AgentAccess, port = 0): Promise<ServedPdu> => {
  const agent = new SnmpAgent(objectsOf(pdu), access);
  return { port: await agent.listen(port), close: () => agent.close() };
};

import { isComparable, isKeepable } from '../../domain/index.js';
import { isPduHost, PDU_LIMITS } from '../power/index.js';
import { outletsIn, textIn, type OldOutlet, type OldPdu } from './move-pdus.js';

/** What is wrong with a text; null where nothing is. */
const faultOf = (value: unknown, longest: number): string | null => {
  if (value === undefined || value === null) return null;
  const text = textIn(value);
  if (text === null) return typeof value === 'string' ? null : 'is no text';
  if (text.length > longest) return `is longer than ${longest} characters`;
  return isKeepable(text) ? null : 'contains characters that are not text';
};

type Facts<Of> = readonly (readonly [fact: keyof Of & string, longest: number])[];

const FACTS: Facts<OldPdu> = [
  ...([
    ['name', PDU_LIMITS.name],
    ['host', PDU_LIMITS.host],
    ['user', PDU_LIMITS.user],
  ] as const),
  ...([
    ['passwd', PDU_LIMITS.secret],
    ['pdu_path', PDU_LIMITS.pduPath],
    ['external_id', PDU_LIMITS.externalId],
  ] as const),
];

const OUTLET_FACTS: Facts<OldOutlet> = [
  ['device_name', PDU_LIMITS.deviceName],
  ['device_ip', PDU_LIMITS.deviceIp],
];

/** Never quotes a value: it may be a password. */
const faultsIn = <Of extends object>(of: Of, facts: Facts<Of>): string[] =>
  facts.flatMap(([fact, longest]) => {
    const fault = faultOf(of[fact], longest);
    return fault === null ? [] : [`${fact} ${fault}`];
  });

const NUMBERS = `a whole number from 1 to ${PDU_LIMITS.outletNumber}`;

const isOutletNumber = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PDU_LIMITS.outletNumber;

const mistakesIn = (pdu: OldPdu): string[] => {
  const [name, host] = [textIn(pdu.name), textIn(pdu.host)];
  const own = faultsIn(pdu, FACTS);
  if (name === null) own.push('it has no name');
  else if (name.length <= PDU_LIMITS.name && !isComparable(name, PDU_LIMITS.name))
    own.push('name is too long in comparable form (Unicode NFKC)');
  if (host === null) own.push('it has no host');
  else if (!isPduHost(host)) own.push('host is not an address or host name');
  const { outlets } = pdu;
  if (outlets !== undefined && outlets !== null && !Array.isArray(outlets)) own.push('outlets is no list');
  const entries = outletsIn(pdu);
  if (entries.length > PDU_LIMITS.outlets) own.push(`it has more than ${PDU_LIMITS.outlets} outlets`);
  const ofOutlets = entries.flatMap((outlet, index) => {
    const known = isOutletNumber(outlet.outlet_idx);
    const label = known ? `outlet ${String(outlet.outlet_idx)}` : `entry ${index + 1} of outlets`;
    const faults = faultsIn(outlet, OUTLET_FACTS);
    return (known ? faults : [`outlet_idx is not ${NUMBERS}`, ...faults]).map((fault) => `${label}: ${fault}`);
  });
  return [...own, ...ofOutlets];
};

/** What the PDUs of the old control panel's file say that no lab keeps: the limits of a PDU that is registered by hand. */
export const mistakesInPdus = (pdus: readonly OldPdu[]): string[] =>
  pdus.flatMap((pdu, index) => {
    const name = textIn(pdu.name)?.slice(0, PDU_LIMITS.name) ?? null;
    const label = name === null || !isKeepable(name) ? `PDU number ${index + 1}` : `PDU ${name}`;
    return mistakesIn(pdu).map((mistake) => `${label}: ${mistake}`);
  });

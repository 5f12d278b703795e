import { ObjectType } from 'net-snmp';

export interface RecordedObject {
  readonly oid: string;
  readonly type: ObjectType;
  readonly value: number | string | Buffer;
}

const TYPES = new Set<number>([
  ObjectType.Integer,
  ObjectType.OctetString,
  ObjectType.OID,
  ObjectType.IpAddress,
  ObjectType.Counter,
  ObjectType.Gauge,
  ObjectType.TimeTicks,
  ObjectType.Counter64,
]);

const counter64 = (value: string): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

const valueOf = (type: ObjectType, hex: boolean, text: string): RecordedObject['value'] => {
  if (type === ObjectType.IpAddress && hex) return [...Buffer.from(text, 'hex')].join('.');
  if (type === ObjectType.OID || type === ObjectType.IpAddress) return text;
  if (type === ObjectType.OctetString) return Buffer.from(text, hex ? 'hex' : 'utf8');
  return type === ObjectType.Counter64 ? counter64(text) : Number(text);
};

/** A line is `OID|type|value`; values that the recording's own player would vary stand at their first value. */
const objectOf = (line: string): RecordedObject => {
  const [oid = '', tag = '', ...rest] = line.split('|');
  const [, number = '', hex = '', variation] = /^(\d+)(x?)(?::(\w+))?$/.exec(tag) ?? [];
  const type = Number(number);
  if (!TYPES.has(type)) throw new Error(`cannot read the type of ${line}`);
  const text = rest.join('|');
  const first = variation === undefined ? text : (/(?:initial|value)=([^,]*)/.exec(text)?.[1] ?? '0');
  return { oid, type, value: valueOf(type, hex === 'x', first) };
};

/** Reads a walk in the format of snmpsim; empty lines and those that begin with # are for people. */
export const readSnmprec = (text: string): RecordedObject[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map(objectOf);

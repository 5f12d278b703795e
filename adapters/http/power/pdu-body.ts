import { z } from 'zod';
import { isPduHost, PDU_LIMITS, type PduCredentials, type PduForm } from '../../../application/power/index.js';
import { OUTLET_MODES } from '../../../domain/index.js';
import { name, optionalText, text } from '../shared/fields.js';

const SNMP_PORT = 161;

const secret = text(PDU_LIMITS.secret, 1);
const passphrase = text(PDU_LIMITS.secret, PDU_LIMITS.passphrase);

const SnmpCredentials = z.discriminatedUnion('version', [
  z.strictObject({
    version: z.enum(['1', '2c']),
    read_community: secret,
    write_community: secret.nullish(),
  }),
  z.strictObject({
    version: z.literal('3'),
    user: secret,
    auth_protocol: z.enum(['MD5', 'SHA', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512']).optional(),
    auth_key: passphrase.optional(),
    priv_protocol: z.enum(['AES', 'AES-256', 'AES-256-C']).optional(),
    priv_key: passphrase.optional(),
  }),
]);

const Credentials = z.union([z.string().regex(/^env:[A-Z][A-Z0-9_]{0,99}$/, 'must be env:NAME'), SnmpCredentials]);

const mode = z.enum(OUTLET_MODES);

export const outletNumber = z.int().min(1).max(PDU_LIMITS.outletNumber);

const host = text(PDU_LIMITS.host, 1).refine(isPduHost, 'is not an address or host name');

/** As the old control panel sends it, and what newer clients may add. Further keys are ignored. */
export const PduBody = z
  .object({
    name: name(PDU_LIMITS.name),
    host,
    port: z.int().min(1).max(65_535).default(SNMP_PORT),
    driver: text(32, 1).default('auto'),
    user: optionalText(PDU_LIMITS.user),
    passwd: optionalText(PDU_LIMITS.secret),
    credentials: Credentials.optional(),
    pdu_path: optionalText(PDU_LIMITS.pduPath),
    external_id: optionalText(PDU_LIMITS.externalId),
    outlets: z
      .array(z.object({ outlet_idx: outletNumber, device_ip: optionalText(PDU_LIMITS.deviceIp), mode: mode.nullish() }))
      .max(PDU_LIMITS.outlets)
      .default([]),
  })
  .openapi({
    description:
      '`user` and `passwd` are an SNMP 3 user and its passphrase (SHA-256 and AES, the same for both); `passwd` alone is ' +
      'an SNMP 2c community. What the old form always sends, admin and password, stands for the credentials of the ' +
      'configuration. `credentials` goes before both: `env:NAME`, or SNMP credentials.',
  });

/** The old form has no fields for these: it sends them with every PDU. */
const isOldForm = (user: string | null, passwd: string | null): boolean => user === 'admin' && passwd === 'password';

const securityOf = ({
  auth_protocol: authProtocol = 'SHA-256',
  auth_key: authKey,
  priv_protocol: privProtocol = 'AES',
  priv_key: privKey,
}: Omit<Extract<z.output<typeof SnmpCredentials>, { version: '3' }>, 'version' | 'user'>) => {
  if (authKey === undefined) return { level: 'noAuthNoPriv' } as const;
  if (privKey === undefined) return { level: 'authNoPriv', authProtocol, authKey } as const;
  return { level: 'authPriv', authProtocol, authKey, privProtocol, privKey } as const;
};

const credentialsOf = ({ user, passwd, credentials, driver }: z.output<typeof PduBody>): string | PduCredentials => {
  if (typeof credentials === 'string') return credentials;
  if (credentials?.version === '3') {
    const { version, user: name, ...security } = credentials;
    return { version, user: name, ...securityOf(security) };
  }
  if (credentials) {
    const { version, read_community: readCommunity, write_community: writeCommunity } = credentials;
    return { version, readCommunity, writeCommunity: writeCommunity ?? null };
  }
  if (driver === 'simulated' || driver === 'manual') return 'none';
  if (passwd === null || isOldForm(user, passwd)) return 'default';
  if (user === null) return { version: '2c', readCommunity: passwd, writeCommunity: passwd };
  return { version: '3', user, ...securityOf({ auth_key: passwd, priv_key: passwd }) };
};

export const pduForm = (body: z.output<typeof PduBody>): PduForm => ({
  ...{ name: body.name, driver: body.driver, host: body.host, port: body.port },
  credentials: credentialsOf(body),
  ...{ user: body.user, pduPath: body.pdu_path, externalId: body.external_id },
  outlets: body.outlets.map(({ outlet_idx, device_ip, mode }) => ({
    number: outlet_idx,
    device: device_ip === null ? null : { managementIp: device_ip },
    mode: mode ?? null,
  })),
});

import { DomainError, groupBy, nameKey, type Device, type Instant, type OutletMode } from '../../domain/index.js';
import type { Figures, MoveLog, MoveTotals } from './rules/index.js';
import {
  blankOutlet,
  PDU_LIMITS,
  type CredentialVault,
  type OutletRecord,
  type Pdu,
  type PduCredentials,
} from '../power/index.js';

/** One outlet of the old control panel's file, as YAML 1.1 reads it: a bare `on` is a boolean there. */
export interface OldOutlet {
  readonly outlet_idx?: unknown;
  readonly device_name?: unknown;
  readonly device_ip?: unknown;
  readonly mode?: unknown;
  readonly status?: unknown;
}

export interface OldPdu {
  readonly name?: unknown;
  readonly host?: unknown;
  readonly user?: unknown;
  readonly passwd?: unknown;
  readonly pdu_path?: unknown;
  readonly external_id?: unknown;
  readonly connected?: unknown;
  readonly outlets?: unknown;
}

export interface MovedPdus {
  readonly pdus: readonly Pdu[];
  readonly outlets: readonly OutletRecord[];
  readonly pduTotals: MoveTotals;
  readonly outletTotals: MoveTotals;
}

const SNMP_PORT = 161;
const SOURCE = 'pdus.yaml';

/** Text of the file, where numbers may stand for it; null for nothing. */
export const textIn = (value: unknown): string | null => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
};

/** The entries for outlets; what is no entry is one that says nothing. */
export const outletsIn = ({ outlets }: OldPdu): OldOutlet[] =>
  Array.isArray(outlets) ? outlets.map((entry: unknown) => (isEntry(entry) ? entry : {})) : [];

const isEntry = (value: unknown): value is OldOutlet =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const modes: ReadonlyMap<string, OutletMode> = new Map([
  ['scheduled', 'on_demand'],
  ['on_demand', 'on_demand'],
  ['always_on', 'always_on'],
  ['manual', 'manual'],
]);

/** PDUs of the old control panel, and what their outlets feed. Their passwords are sealed, or left to the environment. */
export const movePdus = (
  rows: readonly OldPdu[],
  devices: readonly Device[],
  vault: CredentialVault,
  now: Instant,
  log: MoveLog,
): MovedPdus => {
  const pdus: Pdu[] = [];
  const outlets: OutletRecord[] = [];
  let entries = 0;
  for (const [index, row] of rows.entries()) {
    const [name, host] = [textIn(row.name), textIn(row.host)?.toLowerCase() ?? null];
    const label = name ?? `number ${index + 1}`;
    const fed = outletsIn(row);
    entries += fed.length;
    if (name === null || host === null) {
      log.note(SOURCE, label, 'pdu.incomplete', 'stays behind with its outlets: it has no name, or no host');
    } else if (pdus.some((other) => nameKey(other.name) === nameKey(name) || other.host === host)) {
      log.note(SOURCE, label, 'pdu.twice', `stays behind with its outlets: another has its name, or the host ${host}`);
    } else {
      const pdu: Pdu = {
        ...{ id: pdus.length + 1, name, driver: 'auto', host, port: SNMP_PORT, user: textIn(row.user) },
        ...{ pduPath: textIn(row.pdu_path), externalId: textIn(row.external_id), identity: null, createdAt: now },
        credentials: credentialsOf(row, name, vault, log),
      };
      pdus.push(pdu);
      if (pdu.externalId === null) log.note(SOURCE, name, 'pdu.no-external-id', 'has no external id');
      if (row.connected !== true) log.note(SOURCE, name, 'pdu.not-connected', 'was not connected');
      outlets.push(...outletsOf(pdu, fed, devices, log));
    }
  }
  const refused = entries - outlets.length;
  return {
    ...{ pdus, outlets },
    pduTotals: { read: rows.length, taken: pdus.length, merged: 0, refused: rows.length - pdus.length },
    outletTotals: { read: entries, taken: outlets.length, merged: 0, refused },
  };
};

/** The name of the variable that is to hold the credentials of a PDU. */
const variableOf = (name: string): string => `PDU_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;

/** As the form of the control panel reads them: user and password are an SNMP 3 user and its passphrase. */
const credentialsOf = ({ user, passwd }: OldPdu, name: string, vault: CredentialVault, log: MoveLog): string => {
  const [account, secret] = [textIn(user), textIn(passwd)];
  if (secret === null) return 'default';
  if (account !== null && secret.length < PDU_LIMITS.passphrase) {
    log.change(SOURCE, name, 'pdu.password-short', 'its password is too short for SNMP 3: give its credentials anew');
    return 'default';
  }
  const credentials: PduCredentials =
    account === null
      ? { version: '2c', readCommunity: secret, writeCommunity: secret }
      : {
          ...{ version: '3', user: account, level: 'authPriv' },
          ...{ authProtocol: 'SHA-256', authKey: secret, privProtocol: 'AES', privKey: secret },
        };
  try {
    const sealed = vault.seal(credentials);
    log.change(SOURCE, name, 'pdu.sealed', 'its password is kept sealed, as an SNMP 3 passphrase (SHA-256 and AES)');
    return sealed;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'power.no-key') throw error;
    const variable = variableOf(name);
    log.change(
      SOURCE,
      name,
      'pdu.by-reference',
      `without POWER_KEY its password is not kept: put its credentials into ${variable}`,
    );
    return `env:${variable}`;
  }
};

const outletsOf = (pdu: Pdu, rows: readonly OldOutlet[], devices: readonly Device[], log: MoveLog): OutletRecord[] => {
  const taken = new Set<number>();
  return rows.flatMap((row): OutletRecord[] => {
    const number = row.outlet_idx;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 1) {
      log.note(SOURCE, `${pdu.name}/?`, 'outlet.no-number', 'stays behind: it has no number');
      return [];
    }
    const at = `${pdu.name}/${number}`;
    if (taken.has(number)) {
      log.note(SOURCE, at, 'outlet.twice', 'the second entry for this outlet stays behind');
      return [];
    }
    taken.add(number);
    if (typeof row.status === 'boolean') {
      log.note(
        SOURCE,
        at,
        'outlet.bare-boolean',
        `its status is a bare ${row.status ? 'on' : 'off'}, which YAML reads as a boolean`,
      );
    }
    const word = textIn(row.mode);
    const mode = word === null ? null : (modes.get(word) ?? null);
    if (word !== null && mode === null)
      log.change(SOURCE, at, 'outlet.mode', `nobody knows the mode '${word}': the lab decides`);
    else if (mode !== null && mode !== word) log.change(SOURCE, at, 'outlet.mode', `mode '${word ?? ''}' is ${mode}`);
    return [{ ...blankOutlet(pdu.id, number), ...feedingOf(row, at, devices, log), mode }];
  });
};

/** The lowest row of each thing that is meant. */
const leads = (devices: readonly Device[]): Device[] =>
  [...groupBy(devices, ({ typeId, name }) => `${typeId}/${nameKey(name)}`).values()].flatMap((rows) =>
    [...rows].sort((a, b) => a.id - b.id).slice(0, 1),
  );

/** What an outlet feeds. Where name and address mean two things, neither is believed: it would be switched off. */
const feedingOf = (
  row: OldOutlet,
  at: string,
  devices: readonly Device[],
  log: MoveLog,
): Pick<OutletRecord, 'deviceId' | 'label'> => {
  const [name, ip] = [textIn(row.device_name), textIn(row.device_ip)];
  const called = name === null ? [] : leads(devices.filter((device) => nameKey(device.name) === nameKey(name)));
  const addressed = ip === null ? [] : leads(devices.filter((device) => device.managementIp === ip));
  if (name === null && ip === null) return { deviceId: null, label: null };
  const label = name ?? ip;
  const unsure = (rule: string, detail: string) => {
    log.change(SOURCE, at, rule, `${detail}: it feeds something that is called so, and the lab leaves it alone`);
    return { deviceId: null, label };
  };
  if (name !== null && called.length === 0) {
    const other = addressed[0] ? `, and the address ${ip ?? ''} is of ${addressed[0].name}` : '';
    return unsure('outlet.unknown-device', `'${name}' is not in the inventory${other}`);
  }
  if (name === null && addressed.length === 0)
    return unsure('outlet.unknown-address', `no device has the address ${ip ?? ''}`);
  const both = called.filter(({ id }) => addressed.some((device) => device.id === id));
  const candidates = name === null ? addressed : both.length > 0 ? both : called;
  const [device, ...others] = candidates;
  if (!device || others.length > 0) return unsure('outlet.ambiguous', `several devices are '${label ?? ''}'`);
  if (name !== null && addressed.length > 0 && both.length === 0) {
    return unsure('outlet.two-devices', `the address ${ip ?? ''} is of ${addressed[0]?.name ?? ''}, not of '${name}'`);
  }
  if (name !== null && ip !== null && addressed.length === 0) {
    log.note(SOURCE, at, 'outlet.other-address', `'${name}' has another address than ${ip} in the inventory`);
  }
  return { deviceId: device.id, label: null };
};

/** What the file of the PDUs holds, oddities included. */
export const surveyPdus = (rows: readonly OldPdu[], deviceNames: readonly string[]): Figures => {
  const known = new Set(deviceNames.map(nameKey));
  const outlets = rows.flatMap((pdu) => outletsIn(pdu).map((outlet) => ({ pdu, ...outlet })));
  const names = outlets.flatMap((outlet) => textIn(outlet.device_name) ?? []);
  const places = groupBy(outlets, ({ pdu, outlet_idx: number }) => `${rows.indexOf(pdu)}/${String(number)}`);
  return {
    pdus: rows.length,
    outlet_entries: outlets.length,
    outlets_with_device_name: names.length,
    outlets_with_device_ip: outlets.filter((outlet) => textIn(outlet.device_ip) !== null).length,
    device_name_not_in_inventory: names.filter((name) => !known.has(nameKey(name))).length,
    duplicate_outlet_number: outlets.length - places.size,
    bare_yaml_boolean_status: outlets.filter((outlet) => typeof outlet.status === 'boolean').length,
    without_external_id: rows.filter((pdu) => textIn(pdu.external_id) === null).length,
    not_connected: rows.filter((pdu) => pdu.connected !== true).length,
  };
};

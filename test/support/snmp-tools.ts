import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/usr/bin'];

/** Debian keeps servers in sbin, which is not on everybody's PATH. */
export const snmpProgram = (name: 'snmpget' | 'snmpset' | 'snmpd'): string | undefined =>
  folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));

const MISSING = 'snmpget, snmpset and snmpd are not installed (apt-get install snmp snmpd)';

/** A `describe` for tests with Debian's SNMP. Without it they are skipped and say why; with CI=true they fail instead. */
export const withSnmpTools = (title: string, body: () => void): void => {
  const there = (['snmpget', 'snmpset', 'snmpd'] as const).every((name) => snmpProgram(name) !== undefined);
  if (there || process.env.CI === 'true') describe(title, body);
  else describe.skip(`${title} (skipped: ${MISSING})`, body);
};

const call = async (name: 'snmpget' | 'snmpset', args: readonly string[]): Promise<string> => {
  const program = snmpProgram(name);
  if (program === undefined) throw new Error(MISSING);
  // No names for numbers: the files with the names are not free.
  const { stdout } = await run(program, [...args], { env: { ...process.env, MIBS: '' } });
  return stdout.trim();
};

/** Who asks, as arguments of the programs. */
export const asCommunity = (community: string): string[] => ['-v2c', '-c', community];

/** The value at an object, as `snmpget` prints it. */
export const snmpget = (port: number, who: readonly string[], oid: string): Promise<string> =>
  call('snmpget', [...who, '-t1', '-r2', '-Oqvn', `127.0.0.1:${port}`, oid]);

export const snmpset = (port: number, who: readonly string[], oid: string, value: number): Promise<string> =>
  call('snmpset', [...who, '-t1', '-r0', '-Oqvn', `127.0.0.1:${port}`, oid, 'i', String(value)]);

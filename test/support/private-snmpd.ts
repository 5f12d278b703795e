import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atTheEnd } from './at-the-end.js';
import { asCommunity, snmpget, snmpProgram } from './snmp-tools.js';

/** Debian's snmpd in front of a fixture: the fixture's values, with the access control of a strict agent. */
export interface PrivateSnmpd {
  readonly port: number;
  /** Ends it and starts it again on the same port; it counts one boot more. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const KNOCK = 'knock-knock';
const START_MS = 15_000;
const SYSTEM_UPTIME = '1.3.6.1.2.1.1.3.0';

const freeUdpPort = async (): Promise<number> => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
};

/**
 * @param behind the port and community of the agent whose values are served below `root`.
 * @param lines of snmpd.conf: users, and what they may do.
 */
export const privateSnmpd = async (
  behind: { readonly port: number; readonly community: string; readonly root: string },
  lines: readonly string[],
): Promise<PrivateSnmpd> => {
  const program = snmpProgram('snmpd');
  if (program === undefined) throw new Error('snmpd is not installed (apt-get install snmpd)');
  const folder = mkdtempSync(path.join(tmpdir(), 'openlab-snmpd-'));
  const port = await freeUdpPort();
  const config = path.join(folder, 'snmpd.conf');
  const log = path.join(folder, 'log');
  const proxied = `proxy -v 2c -c ${behind.community} 127.0.0.1:${behind.port} .${behind.root}`;
  writeFileSync(config, [...lines, `rocommunity ${KNOCK} 127.0.0.1 .1.3.6.1.2.1.1`, proxied, ''].join('\n'));
  let child: ChildProcess | null = null;

  const kill = () => child?.kill('SIGKILL');
  const callOff = atTheEnd(() => {
    kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (): Promise<void> => {
    const args = ['-f', '-C', '-c', config, '-Lf', log, '-p', path.join(folder, 'pid'), `udp:127.0.0.1:${port}`];
    const env = { ...process.env, SNMP_PERSISTENT_DIR: path.join(folder, 'state'), MIBS: '' };
    child = spawn(program, args, { env, stdio: 'ignore' });
    child.unref();
    const deadline = Date.now() + START_MS;
    for (;;) {
      try {
        await snmpget(port, asCommunity(KNOCK), SYSTEM_UPTIME);
        return;
      } catch (error) {
        if (Date.now() > deadline || child.exitCode !== null) throw error;
      }
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.ref();
    child.kill(signal);
    await gone;
  };
  await start();
  return {
    port,
    restart: async () => {
      // So that it writes down how often it booted.
      await end('SIGTERM');
      await start();
    },
    stop: async () => {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      callOff();
    },
  };
};

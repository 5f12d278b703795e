import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shipped } from '../container/dockerfile.js';
import { atTheEnd } from './at-the-end.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const MISSING = 'nginx is not installed (apt-get install nginx-light)';

// Debian keeps servers in sbin, which is not on everybody's PATH.
const program = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin']
  .map((folder) => path.join(folder, 'nginx'))
  .find((file) => existsSync(file));

/** A `describe` for tests behind a real proxy. Without nginx they are skipped and say why; with CI=true they fail. */
export const withNginx = (title: string, body: () => void): void => {
  if (program !== undefined || process.env.CI === 'true') describe(title, body);
  else describe.skip(`${title} (skipped: ${MISSING})`, body);
};

/**
 * The configuration that `compose.yaml` gives its proxy, but for what is the container's: names that Docker resolves,
 * its port, and where it may write.
 */
const configurationFor = (servers: readonly string[], port: number, folder: string): string => {
  const instead: readonly (readonly [string, string])[] = [
    ['pid /tmp/nginx.pid;', `pid ${folder}/pid; daemon off; error_log ${folder}/error.log;`],
    ['resolver 127.0.0.11 valid=5s ipv6=off;', 'access_log off;'],
    ['server app:25001 resolve;', servers.map((server) => `server ${new URL(server).host};`).join(' ')],
    ['listen 25001;', `listen 127.0.0.1:${port};`],
  ];
  let text = shipped('deploy/nginx.conf');
  for (const [from, to] of instead) {
    if (!text.includes(from)) throw new Error(`deploy/nginx.conf does not say ${from}`);
    text = text.replace(from, to);
  }
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return text.replace('http {', `http { ${folders.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}`);
};

export interface PrivateNginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** Debian's nginx, set up as `deploy/nginx.conf` says, in front of servers at these URLs. */
export const privateNginx = async (servers: readonly string[]): Promise<PrivateNginx> => {
  if (program === undefined) throw new Error(MISSING);
  const folder = mkdtempSync(path.join(tmpdir(), 'openlab-nginx-'));
  const port = await freePort();
  const config = path.join(folder, 'nginx.conf');
  writeFileSync(config, configurationFor(servers, port, folder));
  const child = spawn(program, ['-p', folder, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const clean = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  const callOff = atTheEnd(() => {
    child.kill('SIGTERM');
    clean();
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually('nginx to answer', async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended; it said: ${said}`);
    return (await fetch(`${url}/health`).catch(() => null))?.ok;
  });
  return {
    url,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      clean();
      callOff();
    },
  };
};

/**
 * `npm run container:rehearse`: does what the Dockerfile says without an engine, in clean folders: the npm steps of the
 * build, the copies of the image, the start without root rights, the health check, and SIGTERM. What apt-get would
 * install must be there already. A few minutes: dependencies are installed anew.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packageRoot } from '../../composition/package-root.js';
import { atTheEnd } from '../support/at-the-end.js';
import { freePort } from '../support/free-port.js';
import { allOf, contextIn, execForm, shipped, stagesOf, type Stage } from './dockerfile.js';

/** Nobody in particular, as `node` is in the image; somebody without root rights stays who they are. */
const NOBODY = process.getuid?.() === 0 ? 65_534 : (process.getuid?.() ?? 0);
const GROUP = process.getuid?.() === 0 ? 65_534 : (process.getgid?.() ?? 0);
const STARTS = 30_000;

const say = (what: string): void => {
  process.stdout.write(`${what}\n`);
};
const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`not so: ${what}`);
  say(`ok: ${what}`);
};

const folder = mkdtempSync(path.join(tmpdir(), 'openlab-container-'));
chmodSync(folder, 0o755);
const servers: ChildProcess[] = [];
atTheEnd(() => {
  for (const server of servers) server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const [build, final] = stagesOf(shipped('Dockerfile')) as [Stage, Stage];
const { PATH = '', HOME = '' } = process.env;

const copyContext = (to: string, files: readonly string[]): void => {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    cpSync(path.join(packageRoot, file), path.join(to, file));
  }
};

const runIn = (where: string, command: string): void => {
  const began = performance.now();
  const { status } = spawnSync('sh', ['-c', command], { cwd: where, env: { PATH, HOME }, stdio: 'inherit' });
  if (status !== 0) throw new Error(`'${command}' ended with ${String(status)}`);
  say(`ok: ${command} (${((performance.now() - began) / 1000).toFixed(0)} s)`);
};

const sizeOf = (place: string): number => {
  const found = statSync(place);
  if (!found.isDirectory()) return found.size;
  return readdirSync(place).reduce((sum, name) => sum + sizeOf(path.join(place, name)), 0);
};

const built = path.join(folder, 'build');
const image = path.join(folder, 'app');
mkdirSync(built);
mkdirSync(image);

const context = contextIn(packageRoot, shipped('.dockerignore'));
for (const { name, text } of build.instructions) {
  if (name === 'COPY') {
    const sources = text.split(' ').slice(0, -1);
    copyContext(built, sources.includes('.') ? context : sources);
  }
  if (name === 'RUN' && !text.startsWith('apt-get')) runIn(built, text);
}
must(!existsSync(path.join(built, 'test', 'torture')), 'the build has no tests but the contracts');

for (const text of allOf(final, 'COPY')) {
  const [, ...sources] = text.split(' ');
  const target = sources.pop() ?? '';
  for (const source of sources) {
    const from = path.join(built, path.relative('/app', source));
    cpSync(from, path.join(image, target, target.endsWith('/') ? path.basename(source) : ''), { recursive: true });
  }
}
mkdirSync(path.join(image, 'data'));
chownSync(path.join(image, 'data'), NOBODY, GROUP);
must(!existsSync(path.join(image, 'node_modules', 'typescript')), 'no development dependency is in the image');
must(!existsSync(path.join(image, 'dist', 'test')), 'no test is in the image');
say(`image: ${(sizeOf(image) / 2 ** 20).toFixed(0)} MB beside the base`);

const environment = Object.fromEntries(
  allOf(final, 'ENV').flatMap((text) => text.split(' ').map((pair) => pair.split('=', 2) as [string, string])),
);
const port = await freePort();
const asNobody = {
  cwd: image,
  env: { PATH, ...environment, HOST: '127.0.0.1', PORT: String(port) },
  uid: NOBODY,
  gid: GROUP,
};
const [program = '', ...args] = execForm(allOf(final, 'CMD')[0] ?? '');
const server = spawn(program, args, { ...asNobody, stdio: ['ignore', 'ignore', 'inherit'] });
servers.push(server);

const [, healthForm = ''] = /CMD (\[.*\])$/.exec(allOf(final, 'HEALTHCHECK')[0] ?? '') ?? [];
const [healthProgram = '', ...healthArgs] = execForm(healthForm);
const healthy = (): boolean => spawnSync(healthProgram, healthArgs, asNobody).status === 0;
const deadline = Date.now() + STARTS;
while (!healthy()) {
  if (Date.now() > deadline || server.exitCode !== null) throw new Error('the server does not become healthy');
  await pause(200);
}
must(true, 'the health check finds the server healthy');
const status = readFileSync(`/proc/${String(server.pid)}/status`, 'utf8');
must(new RegExp(`^Uid:\\s+${NOBODY}\\s+${NOBODY}`, 'm').test(status), 'the server runs without root rights');
must(existsSync(path.join(image, 'data', 'openlab.sqlite')), 'its data is in the volume');
const ready = await fetch(`http://127.0.0.1:${port}/ready`);
must(ready.ok, 'it is ready');

const asked = performance.now();
server.kill('SIGTERM');
const [code] = (await once(server, 'exit')) as [number | null];
must(code === 0, `SIGTERM ends it with 0, after ${((performance.now() - asked) / 1000).toFixed(1)} s`);
must(!healthy(), 'the health check finds a server that is gone unhealthy');

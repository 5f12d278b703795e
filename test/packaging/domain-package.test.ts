import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../../composition/package-root.js';
import { packDomain, type Packed } from '../../packaging/pack-domain.js';

const run = promisify(execFile);

/** What a service writes that uses the rules with types; the same for both kinds of module. */
const TYPED_SERVICE = `
import { DomainError, judge, LabZone, type Calendar, type Judgement, type JudgementTerms } from 'openlab-domain';
import { RequestBooking, type Notifier } from 'openlab-domain/application';
import { resolveTopology } from 'openlab-domain/domain';
import { overlaps, DomainError as Same, type TimeSlot } from 'openlab-domain/domain/shared';

export const mayHave = (slot: TimeSlot, calendar: Calendar, terms: JudgementTerms): Judgement =>
  judge([{ thing: calendar.thing, slot, consent: false }], new Map([[calendar.thing.id, calendar]]), terms);
export const zone: LabZone = new LabZone('Europe/Dublin');
export const refused: Same = new DomainError('invalid', 'own.code', 'No.');
export const lanesOf = (notifier: Notifier): number => notifier.lanes;
export const parts: readonly unknown[] = [RequestBooking, resolveTopology];
// @ts-expect-error: an instant is a number, not a text.
overlaps({ start: '2026-11-23', end: '2026-11-24' }, { start: 0, end: 1 });
`;

/** Programs in a text of Markdown, by the language that they are in. */
const programsIn = (markdown: string, language: string): string[] =>
  [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, program = '']) => program);

describe('The domain package', function () {
  this.timeout(120_000);
  let folder: string;
  let packed: Packed;

  const node = (...args: string[]) => run(process.execPath, args, { cwd: folder });

  /** What a program prints, which is one value in JSON. */
  const told = async (kind: 'module' | 'commonjs', program: string): Promise<unknown> =>
    JSON.parse((await node(`--input-type=${kind}`, '--eval', program)).stdout);

  // As somebody installs it into an empty project: out of reach of this repository and of any registry.
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openlab-domain-'));
    packed = await packDomain(folder);
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`], { cwd: folder });
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('is small, and comes alone', async () => {
    expect(packed.size).to.be.below(300_000);
    expect(await readdir(join(folder, 'node_modules'))).to.have.members(['.package-lock.json', 'openlab-domain']);
    const paths = packed.files.map(({ path }) => path);
    expect(paths).to.include.members(['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']);
    expect(paths.filter((path) => !/\.(js|d\.ts|md|json)$|^LICENSE$/.test(path))).to.deep.equal([]);
    const manifest = JSON.parse(
      await readFile(join(folder, 'node_modules/openlab-domain/package.json'), 'utf8'),
    ) as object;
    for (const key of ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies', 'scripts']) {
      expect(manifest).not.to.have.property(key);
    }
  });

  it('has a README whose programs run', async () => {
    const readme = await readFile(join(folder, 'node_modules/openlab-domain/README.md'), 'utf8');
    const [program, ...others] = programsIn(readme, 'js');
    expect(others).to.deep.equal([]);
    await writeFile(join(folder, 'snippet.mjs'), program ?? '');
    const { stdout, stderr } = await node('snippet.mjs');
    expect(stderr).to.equal('');
    expect(stdout.trimEnd().split('\n')).to.deep.equal([
      'booking.taken: ROADM 1 is already booked by ada (CONFIRMED, 2030-03-04 09:00 to 12:00). To contend for it, ask with status CONFLICTING.',
      'west is device 1, east is device 2',
    ]);
  });

  it('shows the same to both kinds of module, context by context, and each class once', async () => {
    const contexts = (await readdir(join(packageRoot, 'domain'), { withFileTypes: true }))
      .filter((item) => item.isDirectory())
      .map(({ name }) => `openlab-domain/domain/${name}`);
    expect(contexts).to.include.members(['openlab-domain/domain/booking', 'openlab-domain/domain/topology']);
    const entries = ['openlab-domain', 'openlab-domain/domain', 'openlab-domain/application', ...contexts];
    const differences = await told(
      'module',
      `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const whole = await import('openlab-domain');
      const odd = [];
      for (const entry of ${JSON.stringify(entries)}) {
        const [modern, common] = [await import(entry), require(entry)];
        const names = Object.keys(modern);
        if (names.join() !== Object.keys(common).sort().join()) odd.push(entry);
        for (const name of names) {
          if (modern[name] !== common[name]) odd.push(entry + ' ' + name);
          if (entry.includes('domain/domain') && modern[name] !== whole[name]) odd.push('missing in the whole: ' + name);
        }
      }
      console.log(JSON.stringify(odd));`,
    );
    expect(differences).to.deep.equal([]);
  });

  it('runs in a program of CommonJS', async () => {
    const program = `const { overlaps } = require('openlab-domain/domain/shared');
      const { RequestBooking } = require('openlab-domain/application');
      console.log(JSON.stringify([overlaps({ start: 0, end: 2 }, { start: 2, end: 3 }), typeof RequestBooking]));`;
    expect(await told('commonjs', program)).to.deep.equal([false, 'function']);
  });

  it('shows its entries and nothing behind them', async () => {
    const inside = ['esm/domain/index.js', 'cjs/lab.js', 'domain/booking/judgement.js', 'domain/nothing'];
    const program = `const codes = [];
      for (const path of ${JSON.stringify(inside)}) {
        await import('openlab-domain/' + path).then(() => codes.push('reached'), ({ code }) => codes.push(code));
      }
      console.log(JSON.stringify(codes));`;
    for (const code of (await told('module', program)) as string[]) {
      expect(code).to.match(/^ERR_(MODULE_NOT_FOUND|PACKAGE_PATH_NOT_EXPORTED)$/);
    }
  });

  it('tells its types to both kinds of module', async () => {
    for (const file of ['service.mts', 'service.cts']) await writeFile(join(folder, file), TYPED_SERVICE);
    const project = {
      compilerOptions: {
        ...{ module: 'NodeNext', target: 'ES2023', lib: ['ES2023'], types: [], strict: true, noEmit: true },
        ...{ skipLibCheck: false, exactOptionalPropertyTypes: true, isolatedModules: true },
      },
      files: ['service.mts', 'service.cts'],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
    await node(join(packageRoot, 'node_modules/typescript/bin/tsc'), '-p', '.').catch((error: unknown) => {
      throw new Error(`it does not compile: ${(error as { stdout: string }).stdout}`);
    });
  });

  describe('under the example of a lab desk', () => {
    let url: string;
    let stop: () => Promise<unknown>;

    before(async () => {
      await cp(join(packageRoot, 'examples/lab-desk'), folder, { recursive: true });
      const desk = spawn(process.execPath, ['service.mjs'], {
        cwd: folder,
        env: { PORT: '0', NOW: '2030-03-04T08:00:00Z' },
      });
      stop = () => {
        const ended = once(desk, 'exit');
        desk.kill();
        return ended;
      };
      const [line] = (await once(desk.stdout.setEncoding('utf8'), 'data')) as [string];
      url = line.trim();
    });

    after(() => stop());

    const ask = async (path: string, question: unknown): Promise<unknown> => {
      const reply = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(question) });
      const body = (await reply.json()) as object;
      return reply.ok ? body : { status: reply.status, ...body };
    };

    it('says whether a device can be had, why not, and what else', async () => {
      const day = (hour: string) => `2030-03-04T${hour}`;
      const answer = await ask('/check', { device_id: 1, user_id: 2, start: day('11:00'), end: day('13:00') });
      expect(answer).to.have.property('free', false);
      const { refusals, instead } = answer as { refusals: { code: string; detail: string }[]; instead: object[] };
      expect(refusals.map(({ code }) => code)).to.have.members(['booking.maintenance', 'booking.taken']);
      expect(refusals.map(({ detail }) => detail).join(' '))
        .to.include('booked by ada')
        .and.include('new fans');
      expect(instead).to.deep.equal([
        { device: 'ROADM 1', start: '2030-03-04T14:00:00.000Z', end: '2030-03-04T16:00:00.000Z' },
        { device: 'ROADM 2', start: '2030-03-04T11:00:00.000Z', end: '2030-03-04T13:00:00.000Z' },
      ]);
      expect(await ask('/check', { device_id: 2, user_id: 2, start: day('11:00'), end: day('13:00') })).to.deep.equal({
        free: true,
        status: 'PENDING',
      });
    });

    it('finds the devices of a drawing, or says why there are none', async () => {
      const nodes = [
        { id: 'a', deviceType: 'ROADM' },
        { id: 'b', deviceType: 'ROADM' },
        { id: 'light', deviceType: 'Transceiver' },
      ];
      const edges = [
        { source: 'a', target: 'b' },
        { source: 'light', target: 'a' },
      ];
      const free = await ask('/resolve', { nodes, edges, start: '2030-03-05T09:00', end: '2030-03-05T17:00' });
      expect(free).to.have.property('resolved', true);
      const [best] = (free as { options: { devices: Record<string, string> }[] }).options;
      expect(Object.values(best!.devices)).to.have.members(['ROADM 1', 'ROADM 2', 'Transceiver 1']);
      const taken = await ask('/resolve', { nodes, edges, start: '2030-03-04T09:00', end: '2030-03-04T17:00' });
      expect(taken).to.deep.include({ resolved: false, proved: true });
      expect((taken as { would_help: string[] }).would_help).not.to.deep.equal([]);
    });

    it('refuses what it cannot read with a code and a sentence', async () => {
      const slot = { start: '2030-03-05T09:00', end: '2030-03-05T17:00' };
      expect(await ask('/resolve', { ...slot, nodes: [{}], edges: [] })).to.include({
        ...{ status: 400, code: 'topology.malformed' },
      });
      expect(await ask('/check', { ...slot, device_id: 99 })).to.include({ status: 404, code: 'desk.no-device' });
      expect(await ask('/check', { device_id: 1, user_id: 2, start: 7 })).to.include({ status: 400 });
      expect(await ask('/check', 7)).to.include({ status: 400, code: 'desk.no-question' });
      expect(await ask('/other', {})).to.include({ status: 404 });
    });
  });
});

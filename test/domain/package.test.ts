import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a service writes that uses the rules with types. */
const TYPED_SERVICE = `
import { judge, LabZone, type Calendar, type Judgement, type JudgementTerms } from 'openlab/domain';
import { overlaps, type TimeSlot } from 'openlab/domain/shared';

export const mayHave = (slot: TimeSlot, calendar: Calendar, terms: JudgementTerms): Judgement =>
  judge([{ thing: calendar.thing, slot, consent: false }], new Map([[calendar.thing.id, calendar]]), terms);
export const zone: LabZone = new LabZone('Europe/Dublin');
// @ts-expect-error: an instant is a number, not a text.
overlaps({ start: '2026-11-23', end: '2026-11-24' }, { start: 0, end: 1 });
`;

describe('The domain package', function () {
  this.timeout(60_000);
  let folder: string;

  const compile = async (name: string, options: Record<string, unknown>): Promise<void> => {
    const project = join(folder, name);
    await writeFile(project, JSON.stringify(options));
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]).catch(
      (error: unknown) => {
        throw new Error(`it does not compile: ${(error as { stdout: string }).stdout}`);
      },
    );
  };

  const runNode = (...args: string[]) => run(process.execPath, args, { cwd: folder });

  // The package as somebody installs it, but with nothing in it besides the domain, and no other package around.
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openlab-domain-'));
    await cp(join(root, 'package.json'), join(folder, 'package.json'));
    await mkdir(join(folder, 'examples'));
    await cp(join(root, 'examples/check-conflicts.mjs'), join(folder, 'examples/check-conflicts.mjs'));
    await compile('build.json', {
      extends: join(root, 'tsconfig.json'),
      // Neither Node nor a browser: what is not in the language is not there.
      compilerOptions: { rootDir: root, outDir: join(folder, 'dist'), types: [], lib: ['ES2023'] },
      include: [join(root, 'domain')],
    });
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('lets another service check a slot, explain a refusal and offer what is free', async () => {
    const { stdout, stderr } = await runNode('examples/check-conflicts.mjs');
    expect(stderr).to.equal('');
    expect(stdout.trimEnd().split('\n')).to.deep.equal([
      'booking.maintenance: ROADM 1 is under maintenance 2026-11-23 12:00 to 14:00 (new fans).',
      'booking.taken: ROADM 1 is already booked by ada (CONFIRMED, 2026-11-23 09:00 to 12:00). To contend for it, ask with status CONFLICTING.',
      'instead: ROADM 1 from 2026-11-23T14:00:00.000Z to 2026-11-23T16:00:00.000Z',
      'instead: ROADM 2 from 2026-11-23T11:00:00.000Z to 2026-11-23T13:00:00.000Z',
    ]);
  });

  it('can be taken context by context', async () => {
    const contexts = (await readdir(join(folder, 'dist/domain'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(contexts).to.include.members(['booking', 'identity', 'inventory', 'shared']);
    const names = contexts.map((context) => `openlab/domain/${context}`);
    const script = `for (const name of ${JSON.stringify(names)}) {
      const whole = await import('openlab/domain');
      for (const key of Object.keys(await import(name))) if (!(key in whole)) console.log(name, key);
    }`;
    const { stdout } = await runNode('--input-type=module', '--eval', script);
    expect(stdout, 'missing in openlab/domain').to.equal('');
  });

  it('shows its contexts and nothing behind them', async () => {
    for (const inside of ['openlab/domain/booking/judgement.js', 'openlab/dist/domain/index.js', 'openlab']) {
      const script = `await import('${inside}').then(() => console.log('reached'), (error) => console.log(error.code));`;
      const { stdout } = await runNode('--input-type=module', '--eval', script);
      expect(stdout, inside).to.match(/^ERR_(MODULE_NOT_FOUND|PACKAGE_PATH_NOT_EXPORTED)\n$/);
    }
  });

  it('tells its types', async () => {
    await writeFile(join(folder, 'service.ts'), TYPED_SERVICE);
    await compile('service.json', {
      compilerOptions: { module: 'NodeNext', target: 'ES2023', strict: true, noEmit: true, types: [], lib: ['ES2023'] },
      files: ['service.ts'],
    });
  });
});

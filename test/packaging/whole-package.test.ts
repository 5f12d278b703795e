import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { build } from 'esbuild';
import { packageRoot } from '../../composition/package-root.js';
import { pack } from '../../packaging/pack-domain.js';

const run = promisify(execFile);

/** What lies about in a checkout that was worked in, and concerns nobody else. */
const OURS = [
  'test/contracts/notifier.contract.ts',
  'test/http/login.test.ts',
  'bench/run.ts',
  'domain/index.ts',
  'docs/operations.md',
  'data/openlab.sqlite',
  'data/session-secret',
  'attachments/paper.pdf',
  '.env',
  'examples/lab-desk/service.mjs',
  'dist/.tsbuildinfo',
  'dist/domain/index.js.map',
  'dist/test/support/labs.js',
  'dist/bench/run.js',
];

const SHIPPED = ['domain', 'application', 'adapters', 'composition', 'test/contracts'];

/** As `npm run build`, but for the declarations, which take long. */
const buildInto = async (outdir: string): Promise<void> => {
  const files = await Promise.all(
    SHIPPED.map(async (layer) =>
      (await readdir(join(packageRoot, layer), { recursive: true })).map((file) => join(packageRoot, layer, file)),
    ),
  );
  const entryPoints = files.flat().filter((file) => file.endsWith('.ts'));
  await build({ entryPoints, outdir, outbase: packageRoot, format: 'esm', platform: 'node', target: 'node20' });
};

describe('The whole package', function () {
  this.timeout(120_000);
  let folder: string;
  let paths: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openlab-whole-'));
    const checkout = join(folder, 'checkout');
    await buildInto(join(checkout, 'dist'));
    for (const path of OURS) {
      await mkdir(join(checkout, dirname(path)), { recursive: true });
      await writeFile(join(checkout, path), '');
    }
    for (const file of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'config.yaml', 'examples/lab.csv']) {
      await cp(join(packageRoot, file), join(checkout, file));
    }
    const { filename, files } = await pack(checkout, folder);
    paths = files.map(({ path }) => path);
    const modules = join(folder, 'proof/node_modules');
    await mkdir(join(modules, 'openlab'), { recursive: true });
    await run('tar', ['-xzf', join(folder, filename), '-C', join(modules, 'openlab'), '--strip-components=1']);
    for (const peer of ['mocha', 'chai', 'fast-check']) {
      await symlink(join(packageRoot, 'node_modules', peer), join(modules, peer));
    }
    await cp(join(packageRoot, 'examples/pager-notifier'), join(folder, 'proof'), { recursive: true });
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('holds what runs and what it needs, and nothing of how it was made', () => {
    expect(paths).to.include.members([
      ...['dist/adapters/http/server.js', 'dist/composition/main.js'],
      ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'config.yaml', 'examples/lab.csv'],
      ...['dist/domain/index.js', 'dist/application/index.js', 'dist/test/contracts/index.js'],
    ]);
    expect(paths.filter((path) => OURS.includes(path))).to.deep.equal([]);
    const shapes = [
      /^dist\/(domain|application|adapters|composition|test\/contracts)\/.*\.(js|d\.ts)$/,
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|config\.yaml|examples\/\w+\.csv)$/,
    ];
    expect(paths.filter((path) => !shapes.some((shape) => shape.test(path)))).to.deep.equal([]);
  });

  const prove = () =>
    run(process.execPath, ['node_modules/mocha/bin/mocha.js', '--reporter', 'json', 'pager-notifier.test.mjs'], {
      cwd: join(folder, 'proof'),
    });

  it('proves an adapter of another team with its contracts', async () => {
    const { stats } = JSON.parse((await prove()).stdout) as { stats: { passes: number; failures: number } };
    expect(stats).to.include({ passes: 5, failures: 0 });
  });

  it('finds an adapter out that breaks the contract', async () => {
    const broken = `import { PagerNotifier as Pager } from './whole.mjs';
      export class PagerNotifier extends Pager {
        async send(letter) {
          const outcome = await super.send(letter);
          return outcome.kind === 'later' ? { ...outcome, kind: 'refused' } : outcome;
        }
      }`;
    const proof = join(folder, 'proof');
    await cp(join(proof, 'pager-notifier.mjs'), join(proof, 'whole.mjs'));
    await writeFile(join(proof, 'pager-notifier.mjs'), broken);
    const ended = await prove().catch((error: unknown) => error as { code: number; stdout: string });
    expect(ended).to.have.property('code', 2);
    expect(ended.stdout).to.include('tells a refusal for good from one for now');
    expect(ended.stdout).to.include('does not blame a letter for what the other side would say to any');
  });
});

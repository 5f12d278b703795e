import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../../composition/package-root.js';
import { advisories, deprecatedIn, unexcused, type Exception } from '../../packaging/advisories.js';

const run = promisify(execFile);

const textOf = (path: string): Promise<string> => readFile(join(packageRoot, path), 'utf8');

describe('What ships of others', function () {
  this.timeout(60_000);

  it('holds no deprecated package that is asked for by name', () => {
    expect(deprecatedIn().direct).to.deep.equal([]);
  });

  it('runs no script at installation that nobody decided on, and tells nobody that it was installed', async () => {
    const lock = JSON.parse(await textOf('package-lock.json')) as {
      packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
    };
    const scripted = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([place]) => place.replace(/^.*node_modules\//, ''));
    const { allowScripts } = JSON.parse(await textOf('package.json')) as { allowScripts: Record<string, boolean> };
    expect([...new Set(scripted)].sort()).to.deep.equal(Object.keys(allowScripts).sort());
    expect(allowScripts['@scarf/scarf']).to.be.false;
  });

  it('is listed with versions and licences by npm run sbom', async () => {
    const { stdout } = await run('npm', ['run', '--silent', 'sbom'], {
      ...{ cwd: packageRoot, maxBuffer: 16 * 1024 * 1024 },
    });
    const bill = JSON.parse(stdout) as {
      bomFormat: string;
      metadata: { component: { purl: string } };
      components: { name: string; version: string; licenses?: object[] }[];
    };
    const manifest = JSON.parse(await textOf('package.json')) as {
      version: string;
      dependencies: object;
      devDependencies: object;
    };
    expect(bill.bomFormat).to.equal('CycloneDX');
    expect(bill.metadata.component.purl).to.equal(`pkg:npm/openlab@${manifest.version}`);
    const names = bill.components.map(({ name }) => name);
    expect(names).to.include.members(Object.keys(manifest.dependencies));
    expect(names).not.to.include.oneOf(['mocha', 'eslint', 'typedoc', 'esbuild', '@pact-foundation/pact']);
    expect(bill.components.filter(({ licenses = [] }) => licenses.length === 0)).to.deep.equal([]);
  });

  it('has every excused advisory with its reason in docs/dependencies.md', async () => {
    const exceptions = JSON.parse(await textOf('packaging/audit-exceptions.json')) as Exception[];
    const page = await textOf('docs/dependencies.md');
    for (const { url, reason } of exceptions) expect(page).to.include(url).and.include(reason);
  });

  describe('is held against advisories', () => {
    let folder: string;
    let registry: Server;
    let answer: { status: number; body: object };

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'openlab-audit-'));
      const lock = {
        ...{ name: 'lab', version: '1.0.0', lockfileVersion: 3, requires: true },
        packages: {
          '': { name: 'lab', version: '1.0.0', dependencies: { leaky: '1.0.0' } },
          'node_modules/leaky': { version: '1.0.0', resolved: 'file:leaky.tgz', deprecated: 'use tight' },
          'node_modules/old': { version: '2.0.0', resolved: 'file:old.tgz', deprecated: 'no more' },
        },
      };
      await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
      await writeFile(join(folder, 'package.json'), JSON.stringify(lock.packages['']));
      registry = createServer((request, response) => {
        // What it knows of the package; all else is a question about advisories.
        const known = { name: 'leaky', versions: { '1.0.0': { name: 'leaky', version: '1.0.0' } } };
        const { status, body } = request.method === 'GET' ? { status: 200, body: known } : answer;
        request.resume().on('end', () => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        });
      }).listen(0, '127.0.0.1');
      await once(registry, 'listening');
      const { port } = registry.address() as AddressInfo;
      await writeFile(join(folder, '.npmrc'), `registry=http://127.0.0.1:${port}/\nfetch-retries=0\n`);
    });

    after(async () => {
      registry.close();
      await rm(folder, { recursive: true });
    });

    it('of which each counts that has no excuse', async () => {
      const url = 'https://advisories.example/1';
      const about = { id: 1, url, title: 'It leaks', severity: 'high', vulnerable_versions: '<2.0.0' };
      answer = { status: 200, body: { leaky: [about] } };
      const found = await advisories(folder);
      expect(found).to.have.length(1);
      expect(found?.[0]).to.include({ package: 'leaky', url, severity: 'high', title: 'It leaks' });
      expect(unexcused(found ?? [], [])).to.deep.equal(found);
      expect(unexcused(found ?? [], [{ url, reason: 'it leaks nothing here' }])).to.deep.equal([]);
    });

    it('unless the registry does not answer, which is not the same as none', async () => {
      answer = { status: 405, body: {} };
      expect(await advisories(folder)).to.equal(null);
    });

    it('and told deprecated packages by who asked for them', () => {
      expect(deprecatedIn(folder)).to.deep.equal({ direct: ['leaky: use tight'], indirect: ['old: no more'] });
    });
  });
});

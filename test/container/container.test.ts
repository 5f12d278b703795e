import { expect } from 'chai';
import { parse as parseYaml } from 'yaml';
import { packageRoot } from '../../composition/package-root.js';
import { allOf, contextIn, execForm, sentToTheBuild, shipped, stagesOf, type Stage } from './dockerfile.js';

/** `npm run container:rehearse`, a step of CI, does what the image does; this holds what it is made of. */
describe('the image', () => {
  const stages = stagesOf(shipped('Dockerfile'));
  const [build, final] = stages as [Stage, Stage];

  it('is built in one stage and run in another, which has no compiler', () => {
    expect(stages.map(({ name, base }) => [name, base])).to.deep.equal([
      ['build', 'node:22-bookworm'],
      [null, 'node:22-bookworm-slim'],
    ]);
    expect(allOf(build, 'RUN').join('\n')).to.include('npm ci').and.include('npm prune --omit=dev');
    expect(allOf(final, 'RUN').join('\n')).not.to.match(/npm|g\+\+|make|python/);
  });

  it('holds what runs and nothing else: no tests, no sources, no data', () => {
    const copied = allOf(final, 'COPY').flatMap((text) => text.split(' ').slice(1, -1));
    expect(copied.sort()).to.deep.equal([
      '/app/config.yaml',
      '/app/dist/adapters',
      '/app/dist/application',
      '/app/dist/composition',
      '/app/dist/domain',
      '/app/examples',
      '/app/node_modules',
      '/app/package.json',
    ]);
    expect(allOf(final, 'COPY').every((text) => text.startsWith('--from=build '))).to.be.true;
  });

  it('runs without root rights, from its last instructions on', () => {
    const names = final.instructions.map(({ name }) => name);
    expect(allOf(final, 'USER')).to.deep.equal(['node']);
    expect(names.slice(names.indexOf('USER') + 1))
      .to.not.include.members(['RUN'])
      .and.not.include('COPY');
  });

  it('starts the server itself, so that signals reach it, and asks it how it is', () => {
    const [command = ''] = allOf(final, 'CMD');
    expect(execForm(command)).to.deep.equal(['node', '--max-semi-space-size=64', 'dist/composition/main.js']);
    const [health = ''] = allOf(final, 'HEALTHCHECK');
    const [, form = ''] = /CMD (\[.*\])$/.exec(health) ?? [];
    expect(execForm(form).slice(0, 2)).to.deep.equal(['node', '-e']);
    expect(execForm(form)[2]).to.include('/health').and.include('BACKEND_PORT');
    expect(health)
      .to.match(/--timeout=\d+s/)
      .and.match(/--start-period=\d+s/);
  });

  it('has no secret in it: none is an argument or a variable of the build', () => {
    const said = stages.flatMap((stage) => [...allOf(stage, 'ENV'), ...allOf(stage, 'ARG')]).join('\n');
    expect(said).not.to.match(/SECRET|PASSWORD|TOKEN|KEY/);
  });
});

describe('what is sent to the build', () => {
  const ignore = shipped('.dockerignore');
  const context = contextIn(packageRoot, ignore);
  const sent = sentToTheBuild(ignore);

  it('is what the build reads', () => {
    const { include } = JSON.parse(shipped('tsconfig.build.json')) as { include: string[] };
    for (const folder of include)
      expect(
        context.some((file) => file.startsWith(`${folder}/`)),
        folder,
      ).to.be.true;
    for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'config.yaml']) {
      expect(context).to.include(file);
    }
    for (const folder of ['examples'])
      expect(
        context.some((file) => file.startsWith(`${folder}/`)),
        folder,
      ).to.be.true;
  });

  it('is none of what a lab keeps for itself', () => {
    const kept = [
      ...['.env', '.git/config', 'data/openlab.sqlite', 'data/session-secret', 'data/attachments/x'],
      ...['node_modules/express/package.json', 'dist/composition/main.js', 'backup/lab.sqlite', 'docs/operations.md'],
      ...['test/torture/run.ts', 'test/data/lab/devices.csv', 'compose.yaml', 'Dockerfile', '.npmrc'],
    ];
    expect(kept.filter(sent)).to.deep.equal([]);
    expect(sent('test/contracts/index.ts')).to.be.true;
  });
});

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly string[];
  readonly deploy?: { readonly replicas: number };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
}

describe('compose.yaml', () => {
  const { services, volumes } = parseYaml(shipped('compose.yaml')) as {
    services: Record<'proxy' | 'app' | 'database' | 'mail', Service>;
    volumes: Record<string, unknown>;
  };
  const { proxy, app, database, mail } = services;

  it('has two servers behind one proxy, which alone is reached from outside', () => {
    expect(app.deploy).to.deep.equal({ replicas: 2 });
    expect(app.ports).to.equal(undefined);
    expect(proxy.ports).to.deep.equal(['25001:25001']);
    expect(database.ports).to.equal(undefined);
    expect(app.environment?.TRUST_PROXY).to.equal('${TRUST_PROXY:-1}');
    expect(shipped('deploy/nginx.conf')).to.match(/server app:25001 resolve;/);
  });

  it('waits for what is needed, and lets the server finish what runs', () => {
    expect(proxy.depends_on).to.deep.equal({ app: { condition: 'service_healthy' } });
    expect(app.depends_on).to.deep.equal({ database: { condition: 'service_healthy' } });
    expect(Number(app.stop_grace_period?.replace('s', ''))).to.be.greaterThan(10);
  });

  it('has no secret, and refuses to start without those that it needs', () => {
    for (const { environment = {} } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/SECRET|PASSWORD|TOKEN|KEY|URL|WEBHOOK/.test(name) && value !== '1') {
          expect(value === null || /\$\{\w+:\?/.test(value), name).to.be.true;
        }
      }
    }
    expect(Object.values(services).filter(({ image }) => image?.endsWith(':latest'))).to.deep.equal([]);
  });

  it('keeps data in volumes, and mail in a sink only when that is asked for', () => {
    const named = Object.values(services).flatMap(({ volumes: used = [] }) =>
      used.map((volume) => volume.split(':', 1)[0] ?? '').filter((volume) => !volume.startsWith('.')),
    );
    expect(named.sort()).to.deep.equal(Object.keys(volumes).sort());
    expect(mail.profiles).to.deep.equal(['mail']);
    expect(Object.values(services).filter(({ profiles }) => profiles === undefined)).to.have.length(3);
  });

  it('passes on every variable that a server knows, but those that are about itself', () => {
    const readme = shipped('README.md');
    const table = [...readme.matchAll(/^\| (`[A-Z_`, ]+`) +\|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/[A-Z_]+/g)].map(([name]) => name),
    );
    const own = new Set(['PORT', 'HOST', 'CONFIG_PATH', 'SEED']);
    expect(table.length).to.be.greaterThan(10);
    expect(table.filter((name) => !own.has(name) && !(name in (app.environment ?? {})))).to.deep.equal([]);
  });
});

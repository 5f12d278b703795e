import { expect } from 'chai';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { ESLint } from 'eslint';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tseslint from 'typescript-eslint';

const root = path.resolve(import.meta.dirname, '../..');
const folders = ['domain', 'application', 'adapters', 'composition', 'packaging', 'test'];

/** Per rule: a tree that breaks it and nothing else. The first file is the one to blame. */
const probes: Record<string, Record<string, string>> = {
  'domain-is-pure': {
    'domain/booking/slot.ts': `import { readFileSync } from 'node:fs';`,
  },
  'application-knows-only-domain': {
    'application/booking/request-booking.ts': `import type { Calendar } from '../../adapters/memory/calendar.js';`,
    'adapters/memory/calendar.ts': 'export interface Calendar {}',
  },
  'adapters-do-not-compose': {
    'adapters/http/server.ts': `import { config } from '../../composition/config.js';`,
    'composition/config.ts': 'export const config = {};',
  },
  'adapters-ignore-each-other': {
    'adapters/http/server.ts': `import { rows } from '../memory/rows.js';`,
    'adapters/memory/rows.ts': 'export const rows = [];',
  },
  'only-composition-knows-the-container': {
    'adapters/http/server.ts': `import { Container } from 'inversify';`,
    'composition/compose.ts': `import { Container } from 'inversify';`,
  },
  'contexts-meet-in-shared': {
    'domain/booking/booking.ts': `import { rack } from '../inventory/rack.js';`,
    'domain/inventory/rack.ts': `import { slot } from '../shared/slot.js';\nexport const rack = slot;`,
    'domain/shared/slot.ts': 'export const slot = 1;',
  },
  'no-cycles': {
    'domain/booking/egg.ts': `import { hen } from './hen.js';\nexport const egg = () => hen;`,
    'domain/booking/hen.ts': `import { egg } from './egg.js';\nexport const hen = () => egg;`,
  },
  'nothing-ships-tests': {
    'composition/main.ts': `import { clock } from '../test/support/manual-clock.js';`,
    'test/support/manual-clock.ts': 'export const clock = 0;',
  },
  'contracts-stand-alone': {
    'test/contracts/calendar.contract.ts': `import { expect } from 'chai';\nimport { clock } from '../support/manual-clock.js';`,
    'test/support/manual-clock.ts': 'export const clock = 0;',
  },
  'pact-states-are-made-by-use-cases': {
    'test/pact/states/bookings.ts': `import { rows } from '../../../adapters/memory/rows.js';`,
    'adapters/memory/rows.ts': 'export const rows = [];',
  },
  'shipped-code-uses-listed-packages': {
    'composition/main.ts': `import 'fast-check';\nimport 'express';`,
  },
  resolvable: {
    'composition/main.ts': `import { nothing } from './nowhere.js';`,
  },
};

describe('the architecture rules', () => {
  let options: ICruiseOptions;

  /** Every broken rule with the file that breaks it. */
  const violationsOf = async (baseDir: string, entries: string[]): Promise<string[]> => {
    const tsConfig = extractTSConfig(path.join(root, 'tsconfig.json'));
    const { output } = await cruise(entries, { ...options, baseDir }, {}, { tsConfig });
    return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
  };

  before(async () => {
    options = await extractDepcruiseOptions(path.join(root, '.dependency-cruiser.cjs'));
  });

  it('hold for this tree', async function () {
    this.timeout(120_000);
    expect(await violationsOf(root, folders)).to.deep.equal([]);
  });

  it('each have a probe', () => {
    expect(Object.keys(probes)).to.have.members(options.ruleSet?.forbidden?.map(({ name }) => name) ?? []);
  });

  describe('report', () => {
    let tree: string;

    beforeEach(async () => {
      tree = await mkdtemp(path.join(tmpdir(), 'openlab-probe-'));
      await symlink(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
      for (const file of ['package.json', 'tsconfig.json'])
        await copyFile(path.join(root, file), path.join(tree, file));
    });

    afterEach(() => rm(tree, { recursive: true }));

    for (const [rule, files] of Object.entries(probes)) {
      it(rule, async () => {
        for (const [file, source] of Object.entries(files)) {
          await mkdir(path.join(tree, path.dirname(file)), { recursive: true });
          await writeFile(path.join(tree, file), `${source}\n`);
        }
        const violations = await violationsOf(tree, [
          ...new Set(Object.keys(files).map((file) => file.split('/')[0]!)),
        ]);
        expect(violations).to.have.length(1);
        expect(violations[0]).to.match(new RegExp(`^${rule}: ${Object.keys(files)[0]!} -> `));
      });
    }
  });
});

describe('the lint rules of domain/ and application/', () => {
  // Types are not needed here, and take seconds.
  const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

  const rulesBrokenBy = async (source: string, filePath: string): Promise<(string | null)[]> =>
    (await eslint.lintText(`export const probe = ${source};\n`, { filePath: path.join(root, filePath) }))
      .flatMap(({ messages }) => messages)
      .map(({ ruleId }) => ruleId);

  for (const source of ['new Date()', 'Date()', 'Date.now()', 'Date.now', 'Math.random()']) {
    it(`forbid ${source}`, async () => {
      expect(await rulesBrokenBy(source, 'domain/booking/probe.ts')).to.deep.equal(['no-restricted-syntax']);
      expect(await rulesBrokenBy(source, 'application/booking/probe.ts')).to.deep.equal(['no-restricted-syntax']);
    });
  }

  it('allow a date that was given, and the clock where it belongs', async () => {
    expect(await rulesBrokenBy('(at: number) => new Date(at)', 'domain/booking/probe.ts')).to.deep.equal([]);
    expect(await rulesBrokenBy('new Date()', 'adapters/clock/system-clock.ts')).to.deep.equal([]);
  });
});

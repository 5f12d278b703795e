import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../composition/package-root.js';
import { changedReports } from '../../packaging/changed-reports.js';
import { surface } from '../../packaging/surface.js';

describe('What others import and compare with', function () {
  this.timeout(60_000);
  const kept = join(packageRoot, 'docs/api');
  let now = '';
  let folder = '';

  before(async () => {
    now = await surface();
    folder = await mkdtemp(join(tmpdir(), 'openlab-surface-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is what docs/api/surface.md says', async () => {
    expect(await changedReports(kept, { 'surface.md': now })).to.deep.equal([]);
  });

  for (const [change, line] of [
    ['a context of another name', '### domain/audit'],
    ['an export taken away', '- judge'],
    ['an entry taken away', '- `./domain/*`'],
    ['another code of a refusal', '- `booking.taken`'],
  ] as const) {
    it(`tells ${change}`, async () => {
      const text = await readFile(join(kept, 'surface.md'), 'utf8');
      expect(text.split('\n')).to.include(line);
      await writeFile(join(folder, 'surface.md'), text);
      const changed = now.replaceAll(`${line}\n`, `${line}-changed\n`);
      const [said = ''] = await changedReports(folder, { 'surface.md': changed });
      expect(said).to.include(`- ${line}\n`).and.include(`+ ${line}-changed\n`);
    });
  }

  it('tells a report that is not there yet', async () => {
    expect(await changedReports(folder, { 'new.api.md': 'export const a: 1;\n' })).to.have.length(1);
  });
});

import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileOf, LAB_FILE, labLines } from '../support/inventory-file.js';
import { Program } from '../support/server-process.js';

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the import command', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-import-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** As `npm run import -- …`, from the sources, on the lab in this folder. */
  const runImport = async (...args: string[]): Promise<Outcome> => {
    const program = new Program('import.ts', folder, { DATABASE_URL: 'sqlite:lab.sqlite', LOG_LEVEL: 'silent' }, args);
    const exitCode = await program.ended;
    return { exitCode, stdout: program.stdout, stderr: program.stderr };
  };

  it('says how many rows it created, and on repeating that nothing changed', async () => {
    const [first, second] = [await runImport(LAB_FILE), await runImport(LAB_FILE)];
    expect(first).to.deep.equal({
      exitCode: 0,
      stdout: `${LAB_FILE}: 202 created, 0 updated, 0 unchanged\n`,
      stderr: '',
    });
    expect(second).to.include({ exitCode: 0, stdout: `${LAB_FILE}: 0 created, 0 updated, 202 unchanged\n` });
  });

  it('names every bad line of a damaged file on standard error, and fails', async () => {
    const damaged = path.join(folder, 'damaged.csv');
    const lines = labLines().map((line, row) => {
      if (row === 3) return { ...line, status: 'Banana', u_position: 'high' };
      return row === 201 ? { ...line, oi_id: '' } : { ...line, notes: 'changed' };
    });
    await writeFile(damaged, fileOf(lines));
    const { exitCode, stdout, stderr } = await runImport(damaged);
    expect(exitCode).to.equal(1);
    expect(stdout).to.equal('');
    const [summary, ...mistakes] = stderr.trimEnd().split('\n');
    expect(summary).to.equal('Nothing was imported: 3 mistake(s) in the file.');
    expect(mistakes).to.have.length(3);
    expect(mistakes[0]).to.match(/^ {2}line 5, (status|u_position): /);
    expect(mistakes[1]).to.match(/^ {2}line 5, (status|u_position): /);
    expect(mistakes[2]).to.equal('  line 203, oi_id: is missing');
  });

  it('says plainly what it cannot read', async () => {
    const missing = path.join(folder, 'missing.csv');
    const latin = path.join(folder, 'latin.csv');
    await writeFile(latin, Buffer.from(fileOf(labLines(1)).replace('TeraFlex', 'Größe'), 'latin1'));
    const [none, unreadable] = [await runImport(missing), await runImport(latin)];
    expect(none.exitCode).to.equal(1);
    expect(none.stderr)
      .to.include(missing)
      .and.not.match(/^\s+at /m);
    expect(unreadable).to.deep.equal({ exitCode: 1, stdout: '', stderr: 'The file is not UTF-8 text.\n' });
  });

  it('says how it is called', async () => {
    expect(await runImport()).to.deep.equal({
      exitCode: 2,
      stdout: '',
      stderr: 'Usage: npm run import -- DEVICES.csv [LINKS.csv]\n',
    });
  });
});

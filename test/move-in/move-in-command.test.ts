import { expect } from 'chai';
import { createConnection } from 'mysql2/promise';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { moveInCommand } from '../../composition/move-in-command.js';
import { legacyDatabase } from '../support/legacy-database.js';
import { legacyFile } from '../support/legacy-lab.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';

onMariaDb('the command that moves an old lab in', function () {
  let folder = '';
  let oldUrl = '';
  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-move-in-'));
    oldUrl = await legacyDatabase();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const environment = (databaseUrl: string) => ({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent' });

  /** As `npm run migrate:legacy -- …`, in this process. */
  const run = async (databaseUrl: string, ...args: string[]) => {
    const said = { stdout: '', stderr: '' };
    const exitCode = await moveInCommand(args, environment(databaseUrl), {
      out: (text) => (said.stdout += text),
      err: (text) => (said.stderr += text),
    });
    return { exitCode, ...said };
  };

  it('asks first, moves then, and moves nothing twice', async function () {
    this.timeout(60_000);
    const [url, pdus] = [`sqlite:${folder}/kept/lab.sqlite`, ['--pdus', legacyFile('pdus.yaml')]];

    const asked = await run(url, oldUrl, ...pdus, '--dry-run');
    expect(asked).to.include({ exitCode: 0, stderr: '' });
    expect(asked.stdout).to.match(/^This is what would be done\. Nothing was written\./);
    expect(existsSync(path.join(folder, 'kept'))).to.be.false;

    mkdirSync(path.join(folder, 'uploads', '135'), { recursive: true });
    writeFileSync(path.join(folder, 'uploads', '135', '20260914101500_osa übersicht.pdf'), 'x'.repeat(120));
    const files = ['--report', path.join(folder, 'report.json'), '--uploads', path.join(folder, 'uploads')];
    const moved = await run(url, oldUrl, ...pdus, ...files);
    expect(moved.stdout).to.match(/^The old lab moved in\./);
    expect(moved.stderr).to.match(/teraflex-guide\.pdf is not there: attachment 1 has no content/);
    expect(moved.exitCode).to.equal(1);
    expect(readdirSync(path.join(folder, 'kept', 'attachments'))).to.deep.equal(['moved-in-3']);
    const report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));
    expect(report.totals.booking_table).to.deep.equal({ read: 2321, taken: 1638, merged: 676, refused: 7 });

    const again = await run(url, oldUrl, ...pdus);
    expect(again).to.include({ exitCode: 0, stderr: '' });
    expect(again.stdout).to.match(/^This lab moved in before\. Nothing was done\./);
  });

  it('writes no table into an empty database of a server when it is only asked', async () => {
    const url = await freshDatabase();
    expect(await run(url, oldUrl, '--dry-run')).to.include({ exitCode: 0, stderr: '' });
    const connection = await createConnection(url);
    expect((await connection.query('SHOW TABLES'))[0]).to.deep.equal([]);
    await connection.end();
  });

  it('says how it is called, and what it was not given', async () => {
    const wrong = await run('sqlite::memory:', 'sqlite:old.sqlite');
    const away = await run('sqlite::memory:', 'mysql://root:s3cret@127.0.0.1:1/lab');
    const mistaken = await run('mysqll://nowhere', oldUrl);
    expect(wrong.exitCode).to.equal(2);
    expect(wrong.stderr).to.match(/^Usage: npm run migrate:legacy/);
    expect(away.exitCode).to.equal(1);
    expect(away.stderr).to.equal('The old database cannot be opened: ECONNREFUSED.\n');
    expect(mistaken.exitCode).to.equal(1);
    expect(mistaken.stderr).to.include('DATABASE_URL');
  });
});

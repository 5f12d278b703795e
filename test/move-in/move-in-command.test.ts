import { expect } from 'chai';
import { createConnection, type Connection } from 'mysql2/promise';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sqliteDriver as Sqlite } from '../../adapters/sqlite-driver.js';
import { moveInCommand } from '../../composition/move-in-command.js';
import { legacyCopy, legacyDatabase } from '../support/legacy-database.js';
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

  const sql = async (url: string, ...statements: string[]): Promise<unknown[]> => {
    const connection: Connection = await createConnection(url);
    const results: unknown[] = [];
    for (const statement of statements) results.push((await connection.query(statement))[0]);
    await connection.end();
    return results;
  };

  const tablesOf = async (url: string) => (await sql(url, 'SHOW TABLES'))[0];

  const SAME = /The old lab is in the database that DATABASE_URL names, which has to be another, and empty/;
  const FOREIGN = /this is no OpenLab database; it has tables that no lab made \(admin_audit_log, /;

  for (const [what, target, told] of [
    ['its own database', (url: string) => url, SAME],
    ['its own by another name', (url: string) => url.replace('127.0.0.1', 'LOCALHOST'), SAME],
    ['its own by a Python driver’s name', (url: string) => url.replace('mysql:', 'mysql+pymysql:'), SAME],
    ['the database of another old lab', () => legacyDatabase(), FOREIGN],
  ] as const) {
    it(`moves no lab into ${what}, says so when it is only asked, and writes nothing`, async function () {
      this.timeout(60_000);
      const url = await legacyCopy();
      const into = await target(url);
      const before = await tablesOf(url);
      const asked = await run(into, url, '--dry-run');
      const moved = await run(into, url);
      expect([asked.exitCode, moved.exitCode]).to.deep.equal([1, 1]);
      expect(asked.stdout).to.match(/^This is what would be done\. Nothing was written\./);
      expect(asked.stdout)
        .to.match(/^It could not be done: /m)
        .and.match(told);
      expect(moved.stdout).to.equal('');
      expect(moved.stderr).to.match(told);
      expect(moved.stderr.includes('DATABASE_URL names a Python driver')).to.equal(into.includes('pymysql'));
      expect(await tablesOf(url)).to.deep.equal(before);
    });
  }

  it('names everything that the old database lacks, before it writes', async function () {
    this.timeout(60_000);
    const [url, into] = [await legacyCopy(), `sqlite:${folder}/lacking/lab.sqlite`];
    await sql(
      url,
      'DROP TABLE topology_review, maintenance_records',
      'ALTER TABLE devices DROP COLUMN notes, RENAME COLUMN rack TO shelf',
      'ALTER TABLE booking_table DROP COLUMN comment',
    );
    const moved = await run(into, url);
    expect(moved.exitCode).to.equal(1);
    expect(moved.stderr).to.match(/there is no table maintenance_records, no topology_review; /);
    expect(moved.stderr).to.match(/; devices has no rack, no notes; booking_table has no comment\. /);
    expect(existsSync(path.join(folder, 'lacking'))).to.be.false;
  });

  it('moves the rest of a lab in which a less strict database left no times and no names', async function () {
    this.timeout(60_000);
    const url = await legacyCopy();
    await sql(
      url,
      `SET SESSION sql_mode = ''`,
      'ALTER TABLE user_table MODIFY username varchar(50) NULL',
      'UPDATE user_table SET username = NULL WHERE id = 9',
      `UPDATE booking_table SET start_time = '0000-00-00' WHERE booking_id = 13`,
      `UPDATE devices SET created_at = '0000-00-00' WHERE id = 2`,
    );
    const moved = await run(`sqlite:${folder}/gaps/lab.sqlite`, url, '--all');
    expect(moved).to.include({ exitCode: 0, stderr: '' });
    expect(moved.stdout).to.include(`booking_table 13 has no start_time ('0000-00-00 00:00:00' is no time)`);
    expect(moved.stdout).to.include(`user_table 9 has no username: 'user 9' stands for it`);
    expect(moved.stdout).to.match(/devices 2 created_at is '0000-00-00 00:00:00', which is no time: updated_at stands/);
  });

  it('tells mistakes in the file of the PDUs, one on each line', async function () {
    this.timeout(60_000);
    const [pdus, into] = [path.join(folder, 'mistaken.yaml'), `sqlite:${folder}/mistaken/lab.sqlite`];
    writeFileSync(pdus, 'pdus:\n- name: P1\n  host: a b\n  outlets:\n  - null\n');
    const lines = [
      'PDU P1: host is not an address or host name',
      'PDU P1: entry 1 of outlets: outlet_idx is not a whole number from 1 to 10000',
    ];
    const asked = await run(into, oldUrl, '--pdus', pdus, '--dry-run');
    expect(asked.exitCode).to.equal(1);
    expect(asked.stdout).to.include(lines.map((line) => `It could not be done: ${line}\n`).join(''));
    const moved = await run(into, oldUrl, '--pdus', pdus);
    expect(moved).to.include({ exitCode: 1, stderr: `${lines.join('\n')}\n` });
  });

  it('looks first whether it can write the report', async () => {
    const into = `sqlite:${folder}/unreported/lab.sqlite`;
    const moved = await run(into, oldUrl, '--report', path.join(folder, 'no', 'such', 'report.json'));
    expect(moved.exitCode).to.equal(1);
    expect(moved.stderr).to.match(/^The report cannot be written: ENOENT[^\n]+\n$/);
    expect(existsSync(path.join(folder, 'unreported'))).to.be.false;
  });

  it('does the rest when the report cannot be written after all', async function () {
    this.timeout(60_000);
    const [uploads, reports] = [path.join(folder, 'all-papers'), path.join(folder, 'reports')];
    mkdirSync(path.join(uploads, '135'), { recursive: true });
    mkdirSync(reports);
    writeFileSync(path.join(uploads, '135', '20260914101500_osa übersicht.pdf'), 'x'.repeat(120));
    const said = { stdout: '', stderr: '' };
    const into = `sqlite:${folder}/rest/lab.sqlite`;
    const exitCode = await moveInCommand(
      [oldUrl, '--report', path.join(reports, 'report.json'), '--uploads', uploads],
      environment(into),
      {
        // The lab has moved when this is said.
        out: (text) => {
          said.stdout += text;
          rmSync(reports, { recursive: true });
        },
        err: (text) => (said.stderr += text),
      },
    );
    expect(exitCode).to.equal(1);
    expect(said.stderr).to.match(/^The report cannot be written: ENOENT/m);
    expect(readdirSync(path.join(folder, 'rest', 'attachments'))).to.deep.equal(['moved-in-3']);
    const database = new Sqlite(path.join(folder, 'rest', 'lab.sqlite'), { readonly: true });
    const unsealed = 'SELECT COUNT(*) FROM audit_log WHERE id NOT IN (SELECT entry_id FROM audit_seals)';
    expect(database.prepare(unsealed).pluck().get()).to.equal(0);
    database.close();
  });
});

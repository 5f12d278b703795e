import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { readBackup } from '../../adapters/backup/backup-folder.js';
import { BackupProblem } from '../../adapters/backup/backup-problem.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { SYSTEM } from '../../application/index.js';
import { cryptography, files, logging, typeormPersistence } from '../../composition/adapters.js';
import { compose, type Lab } from '../../composition/compose.js';
import { loadConfig, type Config } from '../../composition/config.js';
import { attachmentFolderOf } from '../../composition/data-directory.js';
import { backUpLab, restoreLab } from '../../composition/lab-backup.js';
import { DAY, HOUR, type Actor } from '../../domain/index.js';
import { importDevices } from '../support/devices.js';
import { accountForm } from '../support/people.js';
import { freshDatabase, onMariaDb } from '../support/private-mariadb.js';
import { Program } from '../support/server-process.js';

const DEVICES = 6;
const WRITERS = 4;
const FILERS = 4;

interface OpenedLab {
  readonly lab: Lab;
  readonly close: () => Promise<void>;
}

const opened = async (config: Config): Promise<OpenedLab> => {
  const database = await openDatabase(config.env.DATABASE_URL);
  const lab = compose(config, {
    persistence: typeormPersistence(database),
    files: files(attachmentFolderOf(config)),
    ...{ cryptography: cryptography(4), logging: logging('silent') },
  });
  return { lab, close: () => database.close() };
};

/** Somebody who books and files papers without a pause, and notes what was acknowledged and when. */
class Writing {
  readonly #acknowledged: { readonly id: number; readonly at: number }[] = [];
  readonly #lab: Lab;
  readonly #deviceIds: readonly number[];
  readonly #actor: Actor;
  readonly #running: Promise<void>[];
  #done = false;
  #hour = 0;

  static async start(lab: Lab): Promise<Writing> {
    const deviceIds = await importDevices(
      lab,
      Array.from({ length: DEVICES }, () => ({})),
    );
    const { id, username } = await lab.httpParts.useCases.registerUser.execute(accountForm('ada'));
    return new Writing(lab, deviceIds, { id, username, role: 'User' });
  }

  private constructor(lab: Lab, deviceIds: readonly number[], actor: Actor) {
    [this.#lab, this.#deviceIds, this.#actor] = [lab, deviceIds, actor];
    this.#running = [...Array.from({ length: WRITERS }, (_, n) => this.#book(n))];
    this.#running.push(...Array.from({ length: FILERS }, () => this.#file()));
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  before(moment: number): number[] {
    return this.#acknowledged.filter(({ at }) => at < moment).map(({ id }) => id);
  }

  async stop(): Promise<void> {
    this.#done = true;
    await Promise.all(this.#running);
  }

  async #book(writer: number): Promise<void> {
    const { requestBooking } = this.#lab.httpParts.useCases;
    const start = Math.floor(Date.now() / DAY) * DAY + DAY;
    while (!this.#done) {
      this.#hour += 1;
      const slot = { start: start + this.#hour * HOUR, end: start + (this.#hour + 1) * HOUR };
      const devices = this.#deviceIds.slice(writer % 2, 3);
      const items = devices.map((id) => ({ device: { id }, ...slot, consent: false }));
      const request = { userId: null, items, message: '', collaborators: [], groupId: null };
      const { bookings } = await requestBooking.execute(this.#actor, request);
      const at = Date.now();
      this.#acknowledged.push(...bookings.map(({ id }) => ({ id, at })));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Papers come and go; one in three stays. */
  async #file(): Promise<void> {
    const { keepPapers } = this.#lab.httpParts.useCases;
    for (let n = 0; !this.#done; n += 1) {
      const upload = { fileName: `paper ${n}.txt`, content: Readable.from([Buffer.from(`this is paper ${n}\n`)]) };
      const { id } = await keepPapers.add(SYSTEM, this.#deviceIds[0]!, upload);
      if (n % 3 > 0) await keepPapers.remove(SYSTEM, id);
    }
  }
}

describe('a backup', function () {
  this.timeout(60_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'openlab-backup-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const configOf = (databaseUrl: string, papers = 'papers'): Config => {
    const file = path.join(folder, `${papers}.yaml`);
    writeFileSync(file, `inventory: { attachments: { folder: ${path.join(folder, papers)} } }\n`);
    return loadConfig({ CONFIG_PATH: file, DATABASE_URL: databaseUrl, SEED: 'none' }, { serving: false });
  };
  const sqliteConfig = (name = 'lab') => configOf(`sqlite:${path.join(folder, `${name}.sqlite`)}`, `${name}-papers`);

  const outcomeOf = (restoring: Promise<unknown>): Promise<string> =>
    restoring.then(
      () => 'restored',
      (error: unknown) => {
        expect(error).to.be.instanceOf(BackupProblem);
        return (error as Error).message;
      },
    );

  const holds = async (config: Config, bookingIds: readonly number[]): Promise<void> => {
    const { lab, close } = await opened(config);
    try {
      const { violations } = await lab.checkInvariants.execute();
      expect(violations).to.deep.equal([]);
      const found = await lab.work.run(({ bookings }) => bookings.withIds(bookingIds));
      expect(found.map(({ id }) => id)).to.have.members(bookingIds);
      const { keepPapers } = lab.httpParts.useCases;
      const [device] = await lab.devices.list({ schedulableOnly: false });
      const papers = await keepPapers.list(device!.id);
      expect(papers).to.have.length.of.at.least(1);
      for (const { id, fileName } of papers) {
        const { content } = await keepPapers.open(id);
        expect(await text(content)).to.equal(`this is ${fileName.slice(0, -4)}\n`);
      }
    } finally {
      await close();
    }
  };

  /** Backs up while the lab is written to. @returns what was acknowledged before, and the lab, which is still open. */
  const whileWriting = async (
    config: Config,
    into: string,
    backUp: () => Promise<unknown>,
  ): Promise<{ readonly before: number[]; readonly close: () => Promise<void> }> => {
    const { lab, close } = await opened(config);
    const writing = await Writing.start(lab);
    while (writing.acknowledged < 50) await new Promise((resolve) => setTimeout(resolve, 5));
    await backUp();
    const { madeAt } = await readBackup(into);
    const before = writing.before(Date.parse(madeAt));
    expect(before.length).to.be.at.least(50);
    expect(writing.acknowledged, 'bookings that were made meanwhile').to.be.greaterThan(before.length);
    await writing.stop();
    return { before, close };
  };

  const environmentOf = (config: Config, papers = 'lab-papers') => ({
    CONFIG_PATH: path.join(folder, `${papers}.yaml`),
    DATABASE_URL: config.env.DATABASE_URL,
  });

  it('made by another process while the lab writes has everything that was acknowledged before, on SQLite', async () => {
    const [config, into] = [sqliteConfig(), path.join(folder, 'backup')];
    const { before, close } = await whileWriting(config, into, async () => {
      const program = new Program('backup.ts', folder, environmentOf(config), [into]);
      expect(await program.ended, program.stderr).to.equal(0);
      expect(program.stdout).to.match(/the database and \d+ papers/);
    });
    await close();
    await restoreLab(sqliteConfig('restored'), into, { replace: false });
    await holds(sqliteConfig('restored'), before);
  });

  onMariaDb('of a server database', () => {
    it('has everything that was acknowledged before, and goes over what is there only when that is wanted', async () => {
      const [config, into] = [configOf(await freshDatabase()), path.join(folder, 'backup')];
      const { before, close } = await whileWriting(config, into, () => backUpLab(config, into));
      expect(await outcomeOf(restoreLab(config, into, { replace: true }))).to.match(/Stop the servers first/);
      await close();
      expect(await outcomeOf(restoreLab(config, into, { replace: false }))).to.match(/has tables/);
      expect(await outcomeOf(restoreLab(config, into, { replace: true }))).to.equal('restored');
      await holds(config, before);
    });
  });

  const keepPaper = async ({ lab }: OpenedLab, deviceId: number, fileName: string): Promise<string> => {
    const upload = { fileName, content: Readable.from([Buffer.from(`this is ${fileName.slice(0, -4)}\n`)]) };
    return (await lab.httpParts.useCases.keepPapers.add(SYSTEM, deviceId, upload)).vaultName;
  };

  /** Four papers: one with an odd name, one under a name that no id has, as moved papers are, and one without a file. */
  const withOddPapers = async (config: Config): Promise<void> => {
    const here = await opened(config);
    const [deviceId] = await importDevices(here.lab, [{}]);
    await keepPaper(here, deviceId!, 'it\'s (a, \\b\') "plan", 1.txt');
    await keepPaper(here, deviceId!, 'plain.txt');
    const moved = await keepPaper(here, deviceId!, 'moved.txt');
    const lost = await keepPaper(here, deviceId!, 'lost.txt');
    await here.close();
    const papers = attachmentFolderOf(config) ?? '';
    renameSync(path.join(papers, moved), path.join(papers, 'moved-in-1'));
    rmSync(path.join(papers, lost));
    const { source, close } = await openDatabase(config.env.DATABASE_URL).then((database) => ({
      source: database.source,
      close: () => database.close(),
    }));
    await source.query("UPDATE attachments SET vault_name = 'moved-in-1' WHERE vault_name = ?", [moved]);
    await source.query("UPDATE attachments SET vault_name = 'lost-1' WHERE vault_name = ?", [lost]);
    await close();
  };

  const savesOddPapers = async (config: Config, target: Config): Promise<void> => {
    await withOddPapers(config);
    const into = path.join(folder, 'odd');
    const saved = new Program('backup.ts', folder, environmentOf(config), [into]);
    expect(await saved.ended, saved.stderr).to.equal(0);
    expect(saved.stdout).to.match(/the database and 3 papers/);
    expect(saved.stderr).to.equal('WARNING: the lab has 1 papers without a file: lost-1\n');
    expect((await readBackup(into)).missing).to.deep.equal(['lost-1']);
    for (const file of readdirSync(into).filter((name) => name.startsWith('lab.'))) {
      expect((statSync(path.join(into, file)).mode & 0o077).toString(8), file).to.equal('0');
    }
    const put = new Program('restore.ts', folder, environmentOf(target, 'other-papers'), [into]);
    expect(await put.ended, put.stderr).to.equal(0);
    expect(put.stderr).to.include('WARNING: the paper lost.txt (lost-1) has no file');
    const { lab, close } = await opened(target);
    const { keepPapers } = lab.httpParts.useCases;
    const [device] = await lab.devices.list({ schedulableOnly: false });
    const found: string[] = [];
    for (const { id, fileName } of await keepPapers.list(device!.id)) {
      if (fileName !== 'lost.txt') found.push(await text((await keepPapers.open(id)).content));
    }
    expect(found).to.have.length(3);
    expect(found).to.include('this is moved\n');
    await close();
  };

  /** Files papers as moving in does, under names that it makes: file names by names in the vault. */
  const filed = async (config: Config, papers: Readonly<Record<string, string>>): Promise<void> => {
    const { lab, close } = await opened(config);
    const [deviceId] = await importDevices(lab, [{}]);
    const vault = attachmentFolderOf(config) ?? '';
    mkdirSync(vault, { recursive: true });
    for (const [vaultName, fileName] of Object.entries(papers)) {
      writeFileSync(path.join(vault, vaultName), `this is ${vaultName}`);
      const about = { mimeType: 'text/plain', sizeBytes: 8, uploadedBy: null, uploadedByName: 'move-in', createdAt: 0 };
      await lab.work.run(({ attachments }) => attachments.add({ deviceId: deviceId!, vaultName, fileName, ...about }));
    }
    await close();
  };

  /** What is downloaded of the only device, by file names. */
  const downloads = async (config: Config): Promise<Record<string, string>> => {
    const { lab, close } = await opened(config);
    const { keepPapers } = lab.httpParts.useCases;
    const [device] = await lab.devices.list({ schedulableOnly: false });
    const found: Record<string, string> = {};
    for (const { id, fileName } of await keepPapers.list(device!.id))
      found[fileName] = await text((await keepPapers.open(id)).content);
    await close();
    return found;
  };

  const readsNothingIntoNames = async (config: Config, target: Config): Promise<void> => {
    const papers = {
      ...{ [randomUUID()]: 'plain.txt', 'moved-in-7': 'it\'s; a \\ "paper".txt', A: 'line\n;\u2028);', '-': 'back\\' },
      ...{
        ['x'.repeat(64)]: 'NULL',
        z: "'),(1,\nINSERT INTO `attachments` VALUES (99,1,'','',1,'nowhere',NULL,'',1);\n",
      },
    };
    await filed(config, papers);
    const into = path.join(folder, 'backup');
    const { files, missing } = await backUpLab(config, into);
    expect(Object.keys(files)).to.include.members(Object.keys(papers).map((name) => `attachments/${name}`));
    expect(missing).to.deep.equal([]);
    await restoreLab(target, into, { replace: false });
    const wanted = Object.entries(papers).map(([vaultName, fileName]) => [fileName, `this is ${vaultName}`]);
    expect(await downloads(target)).to.deep.equal(Object.fromEntries(wanted));
  };

  it('takes nothing in a file name for anything but text, on SQLite', () =>
    readsNothingIntoNames(sqliteConfig(), sqliteConfig('other')));

  const putsOtherPapersAside = async (config: Config, other: Config): Promise<void> => {
    const [into, only] = [path.join(folder, 'backup'), randomUUID()];
    await filed(config, { 'moved-in-7': 'ours.txt' });
    await backUpLab(config, into);
    const vault = attachmentFolderOf(other) ?? '';
    await filed(other, { 'moved-in-7': 'theirs.txt', [only]: 'only theirs.txt' });
    writeFileSync(path.join(vault, 'moved-in-7'), 'this is theirs');
    const { papersPutAside } = await restoreLab(other, into, { replace: true });
    expect(await downloads(other)).to.deep.equal({ 'ours.txt': 'this is moved-in-7' });
    expect(readFileSync(path.join(papersPutAside ?? '', 'moved-in-7'), 'utf8')).to.equal('this is theirs');
    expect(readdirSync(vault)).to.have.members(['moved-in-7', only]);
  };

  it('puts the papers of another lab aside that have its names', () =>
    putsOtherPapersAside(sqliteConfig(), sqliteConfig('other')));

  it('goes where a link leads, and puts the log of a database aside that was taken away', async () => {
    const into = path.join(folder, 'backup');
    await filed(sqliteConfig(), {});
    await backUpLab(sqliteConfig(), into);
    writeFileSync(path.join(folder, 'linked.sqlite-wal'), 'written last');
    await restoreLab(sqliteConfig('linked'), into, { replace: false });
    const logs = readdirSync(folder).filter((name) => /^linked\.sqlite\.before-.*-wal$/.test(name));
    expect(logs.map((name) => readFileSync(path.join(folder, name), 'utf8'))).to.deep.equal(['written last']);

    const [link, target] = [path.join(folder, 'linked.sqlite'), path.join(folder, 'disk', 'lab.sqlite')];
    mkdirSync(path.dirname(target));
    renameSync(link, target);
    symlinkSync(target, link);
    const { putAside } = await restoreLab(sqliteConfig('linked'), into, { replace: true });
    expect(putAside).to.match(/disk\/lab\.sqlite\.before-/);
    expect(lstatSync(link).isSymbolicLink()).to.equal(true);
    await (await opened(sqliteConfig('linked'))).close();
  });

  it('fails to be restored well when it has not all that it should, and says what', async () => {
    const [config, into] = [sqliteConfig(), path.join(folder, 'backup')];
    await filed(config, { 'moved-in-7': 'left\nout\x1b[2J.txt' });
    await backUpLab(config, into);
    const file = path.join(into, 'manifest.json');
    const { files, ...more } = JSON.parse(readFileSync(file, 'utf8')) as { files: Record<string, string> };
    delete files['attachments/moved-in-7'];
    writeFileSync(file, JSON.stringify({ ...more, files }));
    const put = new Program('restore.ts', folder, environmentOf(sqliteConfig('other'), 'other-papers'), [into]);
    expect(await put.ended).to.equal(1);
    const said = 'WARNING: the paper left?out?[2J.txt (moved-in-7) has no file, and the backup does not say so\n';
    expect(put.stderr).to.equal(said);
  });

  it('has papers of every name, and is made without those that are lost, which it names, on SQLite', async () => {
    await savesOddPapers(sqliteConfig(), sqliteConfig('other'));
  });

  onMariaDb('of papers on a server database', () => {
    it('takes nothing in a file name for anything but text', async () => {
      const other = configOf(await freshDatabase(), 'other-papers');
      await readsNothingIntoNames(configOf(await freshDatabase(), 'lab-papers'), other);
    });

    it('puts those of another lab aside that have its names', async () => {
      const other = configOf(await freshDatabase(), 'other-papers');
      await putsOtherPapersAside(configOf(await freshDatabase(), 'lab-papers'), other);
    });

    const asked = async (url: string, sql: string): Promise<RowDataPacket[]> => {
      const connection = await createConnection(url);
      try {
        return (await connection.query<RowDataPacket[]>(sql))[0];
      } finally {
        await connection.end();
      }
    };
    const databasesBeside = async (config: Config): Promise<string[]> => {
      const name = new URL(config.env.DATABASE_URL).pathname.slice(1);
      const rows = await asked(config.env.DATABASE_URL, `SHOW DATABASES LIKE '${name}\\_before\\_%'`);
      return rows.map((row) => String(Object.values(row)[0]));
    };
    /** A backup that is as it was written, and that no server takes. */
    const spoilt = (into: string): void => {
      const [sql, manifest] = [path.join(into, 'lab.sql'), path.join(into, 'manifest.json')];
      writeFileSync(sql, `${readFileSync(sql, 'utf8')}\nINSERT INTO nowhere VALUES (1);\n`);
      const said = JSON.parse(readFileSync(manifest, 'utf8')) as { files: Record<string, string> };
      said.files['lab.sql'] = createHash('sha256').update(readFileSync(sql)).digest('hex');
      writeFileSync(manifest, JSON.stringify(said));
    };

    it('that does not load leaves the lab that is there, and nothing beside it', async () => {
      const [config, into] = [configOf(await freshDatabase()), path.join(folder, 'backup')];
      await filed(config, { 'moved-in-7': 'a.txt' });
      await backUpLab(config, into);
      spoilt(into);
      expect(await outcomeOf(restoreLab(config, into, { replace: true }))).to.match(/nowhere/);
      expect(await downloads(config)).to.deep.equal({ 'a.txt': 'this is moved-in-7' });
      expect(await databasesBeside(config)).to.deep.equal([]);
      const empty = configOf(await freshDatabase(), 'empty');
      expect(await outcomeOf(restoreLab(empty, into, { replace: false }))).to.match(/nowhere/);
      expect(await asked(empty.env.DATABASE_URL, 'SHOW TABLES')).to.deep.equal([]);
    });

    /** The same database by an account that may only use databases of these names, `@` being its own. */
    const accountFor = async (url: string, ...databases: string[]): Promise<string> => {
      const narrow = new URL(url);
      const name = narrow.pathname.slice(1);
      [narrow.username, narrow.password] = [`of_${name}`, 'secret'];
      await asked(url, `CREATE USER '${narrow.username}'@'127.0.0.1' IDENTIFIED BY 'secret'`);
      for (const database of databases) {
        const escaped = database.replace('@', name).replaceAll('_', '\\_');
        await asked(url, `GRANT ALL ON \`${escaped}\`.* TO '${narrow.username}'@'127.0.0.1'`);
      }
      return narrow.href;
    };

    it('keeps the lab that was there in a database beside', async () => {
      const url = await accountFor(await freshDatabase(), '@', '@_before_%');
      const [config, into] = [configOf(url), path.join(folder, 'backup')];
      await filed(config, { 'moved-in-7': 'a.txt' });
      await backUpLab(config, into);
      await asked(url, "UPDATE attachments SET file_name = 'b.txt'");
      const { putAside } = await restoreLab(config, into, { replace: true });
      expect(await downloads(config)).to.deep.equal({ 'a.txt': 'this is moved-in-7' });
      expect(await databasesBeside(config)).to.deep.equal([putAside]);
      const kept = await asked(url, `SELECT file_name FROM \`${putAside}\`.attachments`);
      expect(kept).to.deep.equal([{ file_name: 'b.txt' }]);
    });

    it('goes over tables, with a warning, where the account may make no database', async () => {
      const config = configOf(await accountFor(await freshDatabase(), '@'));
      const into = path.join(folder, 'backup');
      await filed(config, { 'moved-in-7': 'a.txt' });
      await backUpLab(config, into);
      const warnings: string[] = [];
      const warn = (warning: string) => warnings.push(warning);
      expect((await restoreLab(config, into, { replace: true, warn })).putAside).to.equal(null);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/may make no database .* dropped/);
      expect(await downloads(config)).to.deep.equal({ 'a.txt': 'this is moved-in-7' });
    });

    it('is not made of a database that holds no lab', async () => {
      const into = path.join(folder, 'backup');
      expect(await outcomeOf(backUpLab(configOf(await freshDatabase()), into))).to.match(/holds no lab/);
      expect(existsSync(into)).to.equal(false);
    });

    it('has those of every name, and is made without those that are lost, which it names', async () => {
      await savesOddPapers(
        configOf(await freshDatabase(), 'lab-papers'),
        configOf(await freshDatabase(), 'other-papers'),
      );
    });
  });

  describe('that cannot be used', () => {
    let config: Config;
    let into = '';
    beforeEach(async () => {
      config = sqliteConfig();
      await (await opened(config)).close();
      into = path.join(folder, 'backup');
      await backUpLab(config, into);
    });
    const refusal = (target: Config, replace = false): Promise<string> =>
      outcomeOf(restoreLab(target, into, { replace }));

    it('is refused when a byte of it changed, when a file is missing, and when it is no backup', async () => {
      const file = path.join(into, 'lab.sqlite');
      const bytes = readFileSync(file);
      bytes[bytes.length - 1]! ^= 1;
      writeFileSync(file, bytes);
      expect(await refusal(sqliteConfig('other'))).to.match(/lab\.sqlite in .* is damaged/);
      rmSync(file);
      expect(await refusal(sqliteConfig('other'))).to.match(/is missing/);
      rmSync(path.join(into, 'manifest.json'));
      expect(await refusal(sqliteConfig('other'))).to.match(/is no backup/);
      expect(existsSync(path.join(folder, 'other.sqlite'))).to.be.false;
    });

    it('is refused when it is of a newer version, of another kind of database, or leads out of its folder', async () => {
      const file = path.join(into, 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
      const saying = (changes: object) => writeFileSync(file, JSON.stringify({ ...manifest, ...changes }));
      saying({ migrations: ['FromTheFuture2763856000000'] });
      expect(await refusal(sqliteConfig('other'))).to.match(/newer version/);
      saying({ store: 'mysql' });
      expect(await refusal(sqliteConfig('other'))).to.match(/is of MySQL or MariaDB/);
      saying({ files: { ...manifest.files, '../../etc/passwd': '00' } });
      expect(await refusal(sqliteConfig('other'))).to.match(/no file of a backup/);
    });

    it('does not go over a lab unless that is wanted, and puts that aside; never over one that is open', async () => {
      expect(await refusal(config)).to.match(/There is a database/);
      const { lab, close } = await opened(config);
      await lab.httpParts.useCases.registerUser.execute(accountForm('ada'));
      expect(await refusal(config, true)).to.match(/has .* open. Stop the server first/);
      await close();
      expect(await refusal(config, true)).to.equal('restored');
      expect(readdirSync(folder).filter((name) => name.startsWith('lab.sqlite.before-'))).to.have.length(1);
      const again = await opened(config);
      expect(await again.lab.inviteFirstAdmin.execute()).to.be.a('string');
      await again.close();
    });

    it('is not made over another, nor left half when it fails', async () => {
      const failed = (target: string, lab = config) =>
        backUpLab(lab, target).then(
          () => 'made',
          (error: unknown) => (error as Error).message,
        );
      expect(await failed(into)).to.match(/is not empty/);
      const half = path.join(folder, 'half');
      expect(await failed(half, sqliteConfig('nowhere'))).to.match(/There is no database/);
      expect(readdirSync(folder).filter((name) => name.startsWith('half'))).to.deep.equal([]);
    });

    it('leaves alone whatever else is where it should go, and beside it', async () => {
      const file = path.join(folder, 'lab.sqlite');
      const before = readFileSync(file);
      expect(await outcomeOf(backUpLab(config, file))).to.match(/lab\.sqlite is a file/);
      expect(await outcomeOf(backUpLab(config, path.join(file, 'within')))).to.match(/is a file or within one/);
      expect(readFileSync(file).equals(before)).to.be.true;
      const [empty, kept] = [path.join(folder, 'empty'), path.join(folder, 'empty.part')];
      for (const place of [empty, kept]) mkdirSync(place);
      writeFileSync(path.join(kept, 'precious'), '');
      await backUpLab(config, `${empty}/`);
      expect(readdirSync(empty).sort()).to.deep.equal(['attachments', 'lab.sqlite', 'manifest.json']);
      expect(readdirSync(kept)).to.deep.equal(['precious']);
    });

    it('is made behind no link, which stays, nor among the files of the lab', async () => {
      const [vault, empty] = [path.join(folder, 'lab-papers'), path.join(folder, 'empty')];
      for (const made of [vault, empty]) mkdirSync(made, { recursive: true });
      for (const [name, target] of [
        ['idle', 'empty'],
        ['none', 'nowhere'],
        ['way', 'lab-papers'],
      ] as const) {
        const link = path.join(folder, name);
        symlinkSync(path.join(folder, target), link);
        for (const place of [link, `${link}/`]) expect(await outcomeOf(backUpLab(config, place))).to.match(/is a link/);
        expect(lstatSync(link).isSymbolicLink()).to.equal(true);
      }
      for (const place of [vault, path.join(vault, 'in'), path.join(folder, 'way', 'in')])
        expect(await outcomeOf(backUpLab(config, place)), place).to.match(/keeps its own files/);
      expect(await outcomeOf(backUpLab(config, path.join(folder, 'lab.sqlite-journal')))).to.match(/its own files/);
      expect([...readdirSync(vault), ...readdirSync(empty)]).to.deep.equal([]);
    });

    for (const [damage, said] of [
      ['', /is damaged: it is no JSON/],
      ['{"format": 1, "madeAt": "2026-', /is damaged: it is no JSON/],
      ['null', /is damaged: all of it/],
      ['{"format": 1, "files": []}', /is damaged: .*store.*files/],
    ] as const) {
      it(`is refused in one line when its manifest says ${damage || 'nothing'}`, async () => {
        writeFileSync(path.join(into, 'manifest.json'), damage);
        expect(await refusal(sqliteConfig('other')))
          .to.match(said)
          .and.not.include('\n');
        expect(existsSync(path.join(folder, 'other.sqlite'))).to.be.false;
      });
    }

    it('is refused when its manifest does not speak of the database', async () => {
      const file = path.join(into, 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
      writeFileSync(file, JSON.stringify({ ...manifest, files: {} }));
      expect(await refusal(sqliteConfig('other'))).to.match(/is damaged: no lab\.sqlite/);
    });

    it('can be read by its own account only', () => {
      chmodSync(folder, 0o755);
      expect((statSync(into).mode & 0o777).toString(8)).to.equal('700');
      expect((statSync(path.join(into, 'manifest.json')).mode & 0o777).toString(8)).to.equal('600');
    });
  });
});

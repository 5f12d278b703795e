import { expect } from 'chai';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readInventoryCsv } from '../../adapters/csv/read-inventory-csv.js';
import { writeInventoryCsv } from '../../adapters/csv/write-inventory-csv.js';
import { contentSniffer } from '../../adapters/files/content-sniffer.js';
import { DiskFileVault } from '../../adapters/files/disk-file-vault.js';
import { MemoryFileVault } from '../../adapters/memory/memory-file-vault.js';
import { fileVaultContract, inventoryFileContract } from '../contracts/index.js';
import { ManualClock, MONDAY_MORNING } from '../support/manual-clock.js';

const SEED = Number(process.env.FILES_SEED ?? Date.now() % 2 ** 31);

fileVaultContract('memory', async () => {
  const clock = new ManualClock();
  return {
    vault: new MemoryFileVault(clock),
    setTime: (now) => {
      clock.set(now);
    },
    close: () => Promise.resolve(),
  };
});

const onDisk = async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'openlab-vault-'));
  const clock = new ManualClock();
  const kept = path.join(folder, 'a', 'attachments');
  return {
    folder: kept,
    vault: new DiskFileVault(kept, clock),
    setTime: (now: number) => {
      clock.set(now);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
};

fileVaultContract('a folder', onDisk);
inventoryFileContract('CSV', { read: readInventoryCsv, write: writeInventoryCsv }, SEED);

describe('a folder as a vault for files, beyond the contract', () => {
  const one = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('hello');
  };
  const permissions = async (file: string) => (await stat(file)).mode & 0o777;

  it('lets nobody else look into it, also when it was open before', async () => {
    const { folder, vault, close } = await onDisk();
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o777);
    await vault.keep('one', one());
    expect(await permissions(folder)).to.equal(0o700);
    expect(await permissions(path.join(folder, 'one'))).to.equal(0o600);
    await close();
  });

  it('refuses names that lead elsewhere', async () => {
    const { folder, vault, close } = await onDisk();
    for (const name of ['../evil', 'a/b', '..', '.', '', 'a\\b', '/etc/passwd', 'x.part', 'a\0b', 'x'.repeat(65)]) {
      const refused = async (attempt: () => Promise<unknown>) => {
        const error = await attempt().catch((reason: unknown) => reason);
        expect(error, name).to.be.instanceOf(RangeError);
      };
      await refused(() => vault.keep(name, one()));
      await refused(() => vault.open(name));
      await refused(() => vault.remove(name));
    }
    expect(await readdir(path.dirname(path.dirname(folder)))).to.deep.equal([]);
    await close();
  });

  it('takes away what a crash left unfinished, once it is old', async () => {
    const { folder, vault, close } = await onDisk();
    await vault.keep('one', one());
    for (const [name, at] of [
      ['old', MONDAY_MORNING - 1000],
      ['young', MONDAY_MORNING + 1000],
    ] as const) {
      const draft = path.join(folder, `${name}.part`);
      await writeFile(draft, 'half');
      await utimes(draft, new Date(at), new Date(at));
    }
    expect(await vault.keptBefore(MONDAY_MORNING)).to.deep.equal([]);
    expect(await readdir(folder)).to.have.members(['one', 'young.part']);
    await close();
  });
});

describe('what a file is', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ['a picture, whatever it is called', png, 'image/png'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'application/pdf'],
    ['text', Buffer.from('Torque: 3 Nm\n'), 'text/plain'],
    ['text with a letter that is cut off', Buffer.from('12 µ').subarray(0, 4), 'text/plain'],
    ['JSON', Buffer.from(' {"a": [1]}'), 'application/json'],
    ['what only begins like JSON', Buffer.from('[section]\na=1'), 'text/plain'],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
    ['a drawing behind a prolog', Buffer.from('<?xml version="1.0"?>\n<!-- x -->\n<svg:svg/><svg />'), 'image/svg+xml'],
    ['a page', Buffer.from('<!DOCTYPE html><p>'), 'text/html'],
    ['a script in text', Buffer.from('note <script>alert(1)</script>'), 'text/html'],
    ['XML', Buffer.from('<?xml version="1.0"?><a/>'), 'application/xml'],
    ['a program', Buffer.from('7f454c4602010100', 'hex'), 'application/x-elf'],
    ['text of another encoding', Buffer.from([0x67, 0xfc, 0x6e]), 'application/octet-stream'],
    ['anything else', Buffer.from([1, 0, 2, 0]), 'application/octet-stream'],
  ];
  for (const [what, content, expected] of cases) {
    it(`is told by its content: ${what}`, async () => {
      expect(await contentSniffer.mimeTypeOf(content)).to.equal(expected);
    });
  }
});

import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROVIDER } from './pact.js';
import { verifyAll } from './provider/verify-all.js';
import { pactFilesIn } from './provider/pact-files.js';

const pactFor = (provider: string, ...interactions: object[]) =>
  JSON.stringify({ consumer: { name: 'a-team' }, provider: { name: provider }, interactions });

const ANY = { description: 'is it up?' };

describe('the pacts in a folder', () => {
  let folder = '';
  const printed: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-a-team-'));
    printed.length = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const put = async (name: string, text: string): Promise<string> => {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  const found = (place = folder) => pactFilesIn(place, (text) => printed.push(text));
  const refusal = async (): Promise<string> => {
    const refused: unknown = await found().catch((error: unknown) => error);
    return refused instanceof Error ? refused.message : `not refused: ${String(refused)}`;
  };

  it('are those for us, in folders below too; one that is for others is skipped aloud', async () => {
    const own = [await put('a.json', pactFor(PROVIDER, ANY)), await put('below/b.json', pactFor(PROVIDER, ANY))];
    await put('below/printer.json', pactFor('printer', ANY));
    await put('README.md', 'not a pact');
    expect(await found()).to.have.members(own);
    expect(printed).to.deep.equal([`skipped: ${path.join('below', 'printer.json')} is for 'printer'`]);
  });

  it('may be a single file, whatever it is called', async () => {
    const file = await put('a-team.pact', pactFor(PROVIDER, ANY));
    expect(await found(file)).to.deep.equal([file]);
  });

  it('may have their messages as the third specification has them', async () => {
    const pact = { consumer: { name: 'a-team' }, provider: { name: PROVIDER }, messages: [ANY] };
    const file = await put('a.json', JSON.stringify(pact));
    expect(await found()).to.deep.equal([file]);
  });

  it('are refused when all are for others, who are named', async () => {
    await put('a.json', pactFor('printer', ANY));
    await put('b.json', pactFor('open-lab', ANY));
    expect(await refusal()).to.equal(`no pacts with 'openlab' in ${folder}, only with 'printer', 'open-lab'`);
  });

  it('are refused when the provider differs in case or space only, even among others', async () => {
    await put('right.json', pactFor(PROVIDER, ANY));
    for (const name of ['OpenLab', 'openlab ', 'Open Lab']) {
      const file = await put('wrong.json', pactFor(name, ANY));
      expect(await refusal()).to.equal(`${file} is for '${name}': the provider has to be called 'openlab'`);
    }
  });

  it('are refused when one is broken, no pact or empty, even among others', async () => {
    await put('right.json', pactFor(PROVIDER, ANY));
    const file = await put('wrong.json', '{"consumer":');
    expect(await refusal()).to.match(new RegExp(`^${file} is not JSON: `));
    await put('wrong.json', '{"compilerOptions":{}}');
    expect(await refusal()).to.match(new RegExp(`^${file} is not a pact: `));
    await put('wrong.json', pactFor(PROVIDER));
    expect(await refusal()).to.equal(`${file} has no interactions: it asks for nothing`);
  });

  it('are looked at before any is verified', async () => {
    const own = await mkdtemp(path.join(tmpdir(), 'openlab-own-'));
    try {
      await writeFile(path.join(own, 'own.json'), pactFor(PROVIDER, ANY));
      await put('a.json', pactFor('OpenLab', ANY));
      const open = () => Promise.reject(new Error('no lab is needed'));
      const run = verifyAll({ PACT_DIR: folder }, own, { memory: open }, (text) => printed.push(text));
      const refused: unknown = await run.catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(Error).with.property('message').that.contains("is for 'OpenLab'");
    } finally {
      await rm(own, { recursive: true });
    }
  });
});

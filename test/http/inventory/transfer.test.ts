import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { addedAsset, addedEntry, assetNow } from '../../support/assets.js';
import { aDevice } from '../../support/devices.js';
import { fileOf, labLines, labText, type FileLine } from '../../support/inventory-file.js';
import { forEveryStore, labsIn, type OpenLab } from '../../support/labs.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { onSqlite } from '../../support/stores.js';

interface Report {
  readonly dry_run: boolean;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly errors: readonly unknown[];
  readonly changes: readonly { line: number; oi_id: string | null; action: string; fields: string[] }[];
}

const IMPORT = '/api/inventory/import';
const EXPORT = '/api/inventory/export.csv';

const sendFile = (agent: Agent, content: string | Buffer, query = '') =>
  agent.post(`${IMPORT}${query}`).set('Content-Type', 'text/csv').send(content);

const exported = async (agent: Agent): Promise<string> =>
  (await agent.get(EXPORT).expect(200).expect('Content-Type', 'text/csv; charset=utf-8')).text;

forEveryStore('an inventory that goes in and out', (openLab) => {
  let here: OpenLab;
  let admin: Agent;
  let ada: Agent;
  beforeEach(async () => {
    here = await openLab();
    admin = await administrator(here.lab, here.app);
    ada = await signedIn(here.app, 'ada');
  });
  afterEach(() => here.close());

  /** Everything of the inventory, without what rises when something is tried and undone. */
  const kept = async () => {
    const rows = await here.store.rows();
    return Object.fromEntries(
      Object.entries(rows).filter(([table]) =>
        /^(device|manufacturer|site|tag|attachment|audit|event|lab_event)/.test(table),
      ),
    );
  };

  it('comes out as it went in, byte for byte with the tags in order, and goes in again without a change', async () => {
    const { body } = await sendFile(admin, labText()).expect(200);
    expect(body).to.include({ dry_run: false, created: 202, updated: 0, unchanged: 0 });
    expect((body as Report).errors).to.deep.equal([]);
    const text = await exported(ada);
    const byName = (tags: string) => tags.split(';').sort().join(';');
    expect(text).to.equal(fileOf(labLines().map((line) => ({ ...line, tags: byName(line.tags) }))));
    const before = (await kept()).devices;
    expect((await sendFile(admin, text).expect(200)).body).to.include({ created: 0, updated: 0, unchanged: 202 });
    expect((await kept()).devices).to.deep.equal(before);
  });

  it('goes in again without a change though it has what spreadsheets take for formulas, and no numbers', async () => {
    const type = await addedEntry(admin, 'device-types', { name: '=Type+1', category: 'OPTICAL' });
    const maker = await addedEntry(admin, 'manufacturers', { name: "'=Maker" });
    const label = await addedEntry(admin, 'tags', { name: '-tag' });
    const facts = {
      ...{
        model: '-48V',
        notes: '=cmd|\' /C calc\'!A0\nsecond, "line"',
        owner_group: '@group',
        manufacturer_id: maker,
      },
      ...{ serial_number: '+353', hostname: "''=x", rack: "'quoted'", ports: ['line 1:line', 'C1:client'] },
    };
    const { id } = await addedAsset(admin, type, { name: '=Device', ...facts });
    await admin
      .post(`/api/inventory/devices/${id}/tags`)
      .send({ tag_ids: [label] })
      .expect(200);
    await addedAsset(admin, type, { name: '=Device', in_port: 3, status: 'planned' });
    await addedAsset(admin, type, { name: '=Device', polatis_name: 'P-9' });
    const text = await exported(ada);
    const cells = parse(text).flat();
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).to.deep.equal([]);
    const before = await assetNow(ada, id);
    const { body } = await sendFile(admin, text).expect(200);
    expect(body).to.include({ created: 0, updated: 0, unchanged: 3 });
    expect(await assetNow(ada, id)).to.deep.equal(before);
    expect(await exported(ada)).to.equal(text);
  });

  it('says on a dry run what it would do, line by line, does nothing, and does just that afterwards', async () => {
    await sendFile(admin, fileOf(labLines(4))).expect(200);
    const lines = labLines(5);
    const changed: FileLine[] = [
      lines[0]!,
      { ...lines[1]!, notes: 'Moved in November.', site: 'New Site', tags: 'new tag' },
      lines[4]!,
    ];
    const before = await kept();
    const asked = (await sendFile(admin, fileOf(changed), '?dry_run=true').expect(200)).body as Report;
    expect(await kept()).to.deep.equal(before);
    expect(asked).to.deep.equal({
      ...{ dry_run: true, created: 1, updated: 1, unchanged: 1, errors: [] },
      changes: [
        { line: 2, oi_id: lines[0]!.oi_id, action: 'unchanged', fields: [] },
        { line: 3, oi_id: lines[1]!.oi_id, action: 'updated', fields: ['site', 'notes', 'tags'] },
        { line: 4, oi_id: lines[4]!.oi_id, action: 'created', fields: [] },
      ],
    });
    const done = (await sendFile(admin, fileOf(changed), '?dry_run=false').expect(200)).body as Report;
    expect(done).to.deep.equal({ ...asked, dry_run: false });
    const again = (await sendFile(admin, fileOf(changed), '?dry_run=true').expect(200)).body as Report;
    expect(again).to.include({ created: 0, updated: 0, unchanged: 3 });
  });

  it('can be a list too, of which an entry changes only what it says', async () => {
    const id = await aDevice(here.lab, {
      ...{
        oi_id: 'OI-1',
        name: 'ROADM 1',
        notes: 'old',
        rack: 'A1',
        tags: 'loan',
        status: 'in_maintenance',
        u_position: '7',
      },
    });
    const entry = { oi_id: 'OI-1', name: 'ROADM 1', device_type: 'ROADM', category: 'OPTICAL' };
    const send = async (devices: object[]) => (await admin.post(IMPORT).send({ devices }).expect(200)).body as Report;
    expect(await send([entry])).to.include({ unchanged: 1 });
    const { changes } = await send([{ ...entry, notes: null, u_position: 9, ports: ['1:eth', '2:eth'] }]);
    expect(changes).to.deep.equal([
      { line: 1, oi_id: 'OI-1', action: 'updated', fields: ['u_position', 'ports', 'notes'] },
    ]);
    expect(await assetNow(ada, id)).to.deep.include({
      ...{ notes: null, rack: 'A1', u_position: 9, status: 'in_maintenance', ports: ['1:eth', '2:eth'] },
    });
    expect((await assetNow(ada, id)).tags.map(({ name }) => name)).to.deep.equal(['loan']);
    await admin
      .post(IMPORT)
      .send([{ ...entry, colour: 'red' }])
      .expect(problem(422, 'request.malformed', /colour/));
    await admin
      .post(IMPORT)
      .send([{ name: 'No type' }])
      .expect(problem(422, 'import.refused'));
    await admin.post(IMPORT).send('text').set('Content-Type', 'text/plain').expect(problem(422));
    await admin.post(IMPORT).expect(problem(422));
  });

  const damaged: Readonly<Record<string, readonly [string | Buffer, string, RegExp]>> = {
    'a wrong header': ['name,type\nROADM 1,ROADM\n', 'import.refused', /mistake\(s\)/],
    'another encoding': [Buffer.from('oi_id,name\nGrün', 'latin1'), 'import.unreadable', /not UTF-8/],
    'no CSV': ['"oi_id,name\n', 'import.unreadable', /not CSV/],
    'a bad line': [
      fileOf([labLines(1)[0]!, { ...labLines(2)[1]!, mgmt_ip: '10.0.0.256', oi_id: '' }]),
      'import.refused',
      /2 mistake/,
    ],
    nothing: ['', 'import.refused', /mistake/],
  };
  for (const [what, [content, code, detail]] of Object.entries(damaged)) {
    it(`is refused as a whole for ${what}, dry or not, and nothing is written`, async () => {
      const before = await kept();
      for (const query of ['', '?dry_run=true']) {
        await sendFile(admin, content, query).expect(problem(422, code, detail));
      }
      expect(await kept()).to.deep.equal(before);
    });
  }

  it('names every bad line, with its column', async () => {
    const [first, second] = labLines(2) as [FileLine, FileLine];
    const reply = await sendFile(
      admin,
      fileOf([
        { ...first, oi_id: '' },
        { ...second, status: 'Banana' },
      ]),
    ).expect(422);
    const { errors } = reply.body as { errors: { line: number; column: string; detail: string }[] };
    expect(errors.map(({ line, column }) => [line, column])).to.deep.equal([
      [2, 'oi_id'],
      [3, 'status'],
    ]);
    for (const { detail } of errors) expect(detail).to.be.a('string');
  });

  it('is for administrators to change, and for everybody to read', async () => {
    await sendFile(ada, labText()).expect(problem(403, 'permission.denied'));
    await sendFile(ada, labText(), '?dry_run=true').expect(problem(403, 'permission.denied'));
    await sendFile(admin, labText(), '?dry_run=perhaps').expect(problem(422));
    expect(await exported(ada)).to.equal(fileOf([]));
  });
});

onSqlite('an inventory file', (open) => {
  const openLab = labsIn(open);

  it('may be large, and no larger than that', async () => {
    const here = await openLab();
    const admin = await administrator(here.lab, here.app);
    const line = (nth: number, notes = ''): Partial<FileLine> => ({
      ...{ oi_id: `OI-${nth}`, name: `Device ${nth}`, device_type: 'ROADM', category: 'OPTICAL', notes },
    });
    const large = fileOf(Array.from({ length: 700 }, (_, nth) => line(nth, 'x'.repeat(1900))));
    expect(large.length).to.be.greaterThan(1_300_000);
    expect((await sendFile(admin, large, '?dry_run=true').expect(200)).body).to.include({ created: 700 });
    await sendFile(admin, 'x'.repeat(17_000_000)).expect(problem(413, 'request.too-large'));
  });
});

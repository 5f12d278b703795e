import { expect } from 'chai';
import { ImportRefused, type ImportReport } from '../../application/index.js';
import type { Lab } from '../../composition/compose.js';
import { DomainError, HOUR } from '../../domain/index.js';
import { daysOf } from '../support/booking-forms.js';
import type { DeviceReply } from '../support/device-forms.js';
import { aDevice } from '../support/devices.js';
import { fileOf, importFile, labLines, labText, type FileLine } from '../support/inventory-file.js';
import { forEveryStore, labsIn, type OpenLab } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { administrator, signedIn } from '../support/people.js';
import { onMemory, onSqlite, type KeptRows } from '../support/stores.js';

/** What an import said about the file; fails when the file was not refused. */
const refusalOf = async (lab: Lab, content: string | Buffer): Promise<DomainError> => {
  try {
    await importFile(lab, content);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('the file was not refused');
};

const mistakesIn = async (lab: Lab, content: string | Buffer) => {
  const refusal = await refusalOf(lab, content);
  if (!(refusal instanceof ImportRefused)) throw refusal;
  return refusal.errors;
};

const countsOf = ({ created, updated, unchanged }: ImportReport) => ({ created, updated, unchanged });

/** What the lab's stores hold, written as the file would have it. */
const linesKeptBy = (lab: Lab): Promise<FileLine[]> =>
  lab.work.run(async (stores) => {
    const namesOf = async (catalogue: { all(): Promise<{ id: number; name: string }[]> }) =>
      new Map<number | null, string>((await catalogue.all()).map(({ id, name }) => [id, name]));
    const types = await stores.deviceTypes.all();
    const [manufacturers, sites] = [await namesOf(stores.manufacturers), await namesOf(stores.sites)];
    const tags = await stores.deviceTags.all();
    const text = (value: string | number | null) => String(value ?? '');
    return (await stores.devices.all()).map((device) => {
      const type = types.find(({ id }) => id === device.typeId)!;
      return {
        oi_id: text(device.oiId),
        name: device.name,
        device_type: type.name,
        category: type.category,
        manufacturer: manufacturers.get(device.manufacturerId) ?? '',
        model: text(device.model),
        serial_number: text(device.serialNumber),
        status: device.status,
        site: sites.get(device.siteId) ?? '',
        rack: text(device.rack),
        u_position: text(device.uPosition),
        hostname: text(device.hostname),
        mgmt_ip: text(device.managementIp),
        polatis_name: text(device.polatisName),
        in_port: text(device.inPort),
        out_port: text(device.outPort),
        tags: [...(tags.get(device.id) ?? [])].sort().join(';'),
        ports: device.ports.join(';'),
        owner_group: text(device.ownerGroup),
        notes: text(device.notes),
      };
    });
  });

const tagsInOrder = (line: FileLine): FileLine => ({ ...line, tags: line.tags.split(';').sort().join(';') });

const withoutAudit = (rows: KeptRows): KeptRows =>
  Object.fromEntries(Object.entries(rows).filter(([table]) => !table.startsWith('audit')));

forEveryStore('importing the inventory', (openLab) => {
  it('takes the 202 rows of the lab as they are, and again without a change', async function () {
    this.timeout(60_000);
    const clock = new ManualClock();
    const { lab, app, store } = await openLab({ clock });
    const first = await importFile(lab, labText());
    expect(countsOf(first)).to.deep.equal({ created: 202, updated: 0, unchanged: 0 });
    expect(first.changes).to.have.length(202);
    expect(first.changes[0]).to.deep.equal({ line: 2, oiId: 'OI-DEV-001001', action: 'created', fields: [] });
    expect(await linesKeptBy(lab)).to.deep.equal(labLines().map(tagsInOrder));

    const ada = await signedIn(app, 'ada');
    const listed = (await ada.get('/api/devices').expect(200)).body as DeviceReply[];
    const bookable = labLines().filter(({ category }) => category !== 'INFRA');
    expect(listed.map(({ deviceType, deviceName }) => [deviceType, deviceName])).to.deep.equal(
      bookable.map(({ device_type, name }) => [device_type, name]),
    );
    const all = labLines();
    expect(new Set(all.map(({ device_type, name }) => `${device_type} ${name}`)).size).to.equal(167);

    clock.advance(HOUR);
    const before = withoutAudit(await store.rows());
    const audited = await store.auditEntries();
    const second = await importFile(lab, labText());
    expect(countsOf(second)).to.deep.equal({ created: 0, updated: 0, unchanged: 202 });
    expect(withoutAudit(await store.rows())).to.deep.equal(before);
    expect(await store.auditEntries()).to.equal(audited + 1);

    const changed = all.map((line): FileLine => {
      if (line.oi_id === 'OI-DEV-001001') return { ...line, notes: 'Moved in November.' };
      if (line.oi_id === 'OI-DEV-001005') return { ...line, status: 'spare', rack: '', tags: 'new tag' };
      return line;
    });
    const third = await importFile(
      lab,
      fileOf([...changed, { ...all[0]!, oi_id: 'OI-DEV-009999', serial_number: '', polatis_name: 'PA-NEW' }]),
    );
    expect(countsOf(third)).to.deep.equal({ created: 1, updated: 2, unchanged: 200 });
    expect(third.changes.filter(({ action }) => action !== 'unchanged')).to.deep.equal([
      { line: 2, oiId: 'OI-DEV-001001', action: 'updated', fields: ['notes'] },
      { line: 6, oiId: 'OI-DEV-001005', action: 'updated', fields: ['status', 'rack', 'tags'] },
      { line: 204, oiId: 'OI-DEV-009999', action: 'created', fields: [] },
    ]);
    expect((await linesKeptBy(lab)).slice(0, 202)).to.deep.equal(changed.map(tagsInOrder));
    const devices = await lab.work.run((stores) => stores.devices.all());
    const touched = devices.filter(({ updatedAt }) => updatedAt === clock.now()).map(({ oiId }) => oiId);
    expect(touched).to.deep.equal(['OI-DEV-001001', 'OI-DEV-001005', 'OI-DEV-009999']);
  });

  it('lets serial numbers change places between rows', async () => {
    const { lab } = await openLab();
    const lines = labLines(6);
    await importFile(lab, fileOf(lines));
    const serials = lines.map(({ serial_number }) => serial_number);
    const [a, b, c, d, e, f] = serials;
    // Two swap, three go round, and one goes to a row that is new.
    const turned = lines.map((line, row) => ({ ...line, serial_number: [b, a, d, e, c, ''][row] ?? '' }));
    const added = { ...lines[5]!, oi_id: 'OI-DEV-009998', serial_number: f!, polatis_name: 'PA-NEW' };
    const report = await importFile(lab, fileOf([added, ...turned]));
    expect(countsOf(report)).to.deep.equal({ created: 1, updated: 6, unchanged: 0 });
    const kept = await linesKeptBy(lab);
    expect(kept.map(({ serial_number }) => serial_number)).to.deep.equal([b, a, d, e, c, '', f]);
  });

  it('keeps bookings with a device that is renamed', async () => {
    const { lab, app } = await openLab();
    const lines = labLines(4);
    await importFile(lab, fileOf(lines));
    const ada = await signedIn(app, 'ada');
    const [first] = (await ada.get('/api/devices').expect(200)).body as DeviceReply[];
    await ada
      .post('/bookings')
      .send(daysOf(first!.id, ['2026-11-27']))
      .expect(200);
    // The first device has two rows; its second one becomes a device of its own, and what is left has another name.
    const renamed = lines.map((line, row) => ({ ...line, name: ['TeraFlex One', 'TeraFlex Two'][row] ?? line.name }));
    renamed[1]!.mgmt_ip = '';
    expect(countsOf(await importFile(lab, fileOf(renamed)))).to.deep.equal({ created: 0, updated: 2, unchanged: 2 });
    const week = (await ada.get('/bookings/for-week?start=2026-11-23').expect(200)).body as {
      device_id: number;
      device_name: string;
    }[];
    expect(week).to.have.length(1);
    // Both rows were renamed, one after the other: the booking went with the one that left last.
    expect(week[0]!.device_name).to.equal('TeraFlex Two');
  });

  it('takes two files at once as if they came one after the other', async function () {
    this.timeout(60_000);
    const { lab } = await openLab();
    const file = fileOf(labLines(20));
    const outcomes = await Promise.allSettled([importFile(lab, file), importFile(lab, file), importFile(lab, file)]);
    const reports = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [countsOf(outcome.value)] : []));
    expect(reports).to.deep.include({ created: 20, updated: 0, unchanged: 0 });
    expect(await linesKeptBy(lab)).to.deep.equal(labLines(20).map(tagsInOrder));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  });
});

/** One bad line each, and what is said about it. */
const damage: Record<string, { readonly change: Partial<FileLine>; readonly says: [column: string, detail: RegExp] }> =
  {
    'no oi_id': { change: { oi_id: '' }, says: ['oi_id', /is missing/] },
    'an endless oi_id': { change: { oi_id: 'x'.repeat(51) }, says: ['oi_id', /longer than 50/] },
    'the oi_id of an earlier line': { change: { oi_id: 'OI-DEV-001001' }, says: ['oi_id', /same as in line 2/] },
    'no name': { change: { name: '' }, says: ['name', /is missing/] },
    'a blank name': { change: { name: '   ' }, says: ['name', /is missing/] },
    'an endless name': { change: { name: 'x'.repeat(201) }, says: ['name', /longer than 200/] },
    'a name that grows when it is compared': { change: { name: '\ufdfa'.repeat(100) }, says: ['name', /too long/] },
    'a NUL byte in the name': { change: { name: 'TeraFlex\0' }, says: ['name', /not text/] },
    'no device type': { change: { device_type: '' }, says: ['device_type', /is missing/] },
    'an endless device type': { change: { device_type: 'x'.repeat(101) }, says: ['device_type', /longer than 100/] },
    'no category': { change: { category: '' }, says: ['category', /is missing/] },
    'a category that nobody knows': {
      change: { category: 'EDIBLE' },
      says: ['category', /'EDIBLE' is none of OPTICAL/],
    },
    'another category than its type has above': {
      change: { category: 'COMPUTE' },
      says: ['category', /does not agree with line 2/],
    },
    'an endless manufacturer': { change: { manufacturer: 'x'.repeat(101) }, says: ['manufacturer', /longer than 100/] },
    'an endless model': { change: { model: 'x'.repeat(101) }, says: ['model', /longer than 100/] },
    'an endless serial number': { change: { serial_number: 'x'.repeat(101) }, says: ['serial_number', /longer/] },
    'the serial number of an earlier line': {
      change: { serial_number: 'ADTD285410' },
      says: ['serial_number', /same as in line 2/],
    },
    'a status that nobody knows': {
      change: { status: 'Banana' },
      says: ['status', /'Banana' is not .+ Allowed: active/],
    },
    'an endless site': { change: { site: 'x'.repeat(101) }, says: ['site', /longer than 100/] },
    'half a rack unit': { change: { u_position: '1.5' }, says: ['u_position', /'1.5' is not a whole number/] },
    'a rack unit below the floor': { change: { u_position: '-1' }, says: ['u_position', /'-1' is not/] },
    'an endless host name': { change: { hostname: 'x'.repeat(256) }, says: ['hostname', /longer than 255/] },
    'an address that is none': { change: { mgmt_ip: '10.20.1.300' }, says: ['mgmt_ip', /'10.20.1.300' is not an IP/] },
    'the address of another device': { change: { mgmt_ip: '10.20.1.11' }, says: ['mgmt_ip', /agree with line 2/] },
    'the patch label of an earlier row of its device': {
      change: { name: 'teraflex 1', mgmt_ip: '', polatis_name: 'pa-tf01-l1' },
      says: ['polatis_name', /same as in line 2/],
    },
    'a port of zero': { change: { in_port: '0' }, says: ['in_port', /'0' is not a whole number of at least 1/] },
    'a port in words': { change: { out_port: 'five' }, says: ['out_port', /'five' is not/] },
    'an enormous port': { change: { out_port: '1000000' }, says: ['out_port', /.+/] },
    'a tag twice': { change: { tags: 'loan;spare;loan' }, says: ['tags', /'loan' is named twice/] },
    'an endless tag': { change: { tags: `loan;${'x'.repeat(101)}` }, says: ['tags', /longer than 100/] },
    'a port without a kind': { change: { ports: 'L1:line;C1' }, says: ['ports', /'C1' is not <name>:<kind>/] },
    'a port twice': { change: { ports: 'L1:line;L1:line' }, says: ['ports', /'L1:line' is named twice/] },
    'endless notes': { change: { notes: 'x'.repeat(2001) }, says: ['notes', /longer than 2000/] },
    'a bell in the notes': { change: { notes: 'ring\u0007' }, says: ['notes', /not text/] },
  };

onMemory('an inventory file', (open) => {
  const openLab = labsIn(open);
  let here: OpenLab;
  before(async () => {
    here = await openLab();
  });

  for (const [what, { change, says }] of Object.entries(damage)) {
    it(`is refused when a line has ${what}`, async () => {
      const lines = labLines(6).map((line, row) => (row === 4 ? { ...line, ...change } : line));
      const before = await here.store.rows();
      const mistakes = await mistakesIn(here.lab, fileOf(lines));
      expect(mistakes.map(({ line, column }) => [line, column])).to.deep.include([6, says[0]]);
      expect(mistakes.map(({ line }) => line)).to.deep.equal(mistakes.map(() => 6));
      expect(mistakes.find(({ column }) => column === says[0])?.detail).to.match(says[1]);
      expect(await here.store.rows()).to.deep.equal(before);
    });
  }

  it('is refused when a line was torn off, or has too much', async () => {
    const whole = fileOf(labLines(6)).split('\n');
    const before = await here.store.rows();
    const torn = whole.map((line, row) =>
      row === 3 ? 'OI-DEV-001003,TeraFlex 2,TeraFlex,OPT' : row === 5 ? `${line},more,and more` : line,
    );
    const mistakes = await mistakesIn(here.lab, torn.join('\n'));
    expect(mistakes).to.deep.equal([
      { line: 4, column: null, detail: 'has 4 fields, and the header has 20' },
      { line: 6, column: null, detail: 'has 22 fields, and the header has 20' },
    ]);
    expect(await here.store.rows()).to.deep.equal(before);
  });

  it('has its mistakes named by line, counting blank lines and notes of several lines', async () => {
    const [one, two, three, four, five] = labLines(5);
    const above = fileOf([one!, { ...two!, notes: 'first\nsecond\nthird' }]);
    const [, ...below] = fileOf([{ ...three!, status: 'Banana' }, four!, { ...five!, name: '', notes: 'a\nb' }]).split(
      '\n',
    );
    // The header is line 1, the second device is on lines 3 to 5, and lines 6 and 7 are blank.
    const mistakes = await mistakesIn(here.lab, `${above}\n\n${below.join('\n')}`);
    expect(mistakes.map(({ line, column }) => [line, column])).to.deep.equal([
      [8, 'status'],
      [10, 'name'],
    ]);
  });

  for (const [what, file, says] of [
    ['lacks a column', () => fileOf(labLines(3)).replaceAll(/,[^,\n]*\n/g, '\n'), [['notes', 'column is missing']]],
    [
      'has a column that nobody knows',
      () => fileOf(labLines(3)).replace('owner_group', 'owner'),
      [
        ['owner_group', 'column is missing'],
        ['owner', 'column is not known'],
      ],
    ],
    ['has a column twice', () => fileOf(labLines(3)).replace(/\n/g, ',notes\n'), [['notes', 'column is there twice']]],
  ] as const) {
    it(`is refused when it ${what}`, async () => {
      const mistakes = await mistakesIn(here.lab, file());
      expect(mistakes).to.deep.equal(says.map(([column, detail]) => ({ line: 1, column, detail })));
    });
  }

  it('is refused when it has no header, or is another file altogether', async () => {
    const headless = fileOf(labLines(3)).split('\n').slice(1).join('\n');
    for (const text of [
      '',
      '\n\n',
      headless,
      'devices: []',
      'a,b,c\n1,2,3\n',
      fileOf(labLines(3)).replaceAll(',', ';'),
    ]) {
      const mistakes = await mistakesIn(here.lab, text);
      expect(mistakes.map(({ line }) => line)).to.deep.equal(mistakes.map(() => 1));
      expect(mistakes.map(({ column }) => column)).to.include('oi_id');
    }
  });

  it('is refused when it is not UTF-8, or its quotes do not end', async () => {
    const [first, ...others] = labLines(3);
    const accented = fileOf([{ ...first!, notes: 'Größe' }, ...others]);
    const unreadable: [Buffer, RegExp][] = [
      [Buffer.from(accented, 'latin1'), /not UTF-8/],
      [Buffer.from(`\ufeff${accented}`, 'utf16le'), /not UTF-8/],
      [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]), /not UTF-8/],
      [Buffer.from(accented.replace('Größe', '"Größe')), /not CSV/],
    ];
    for (const [content, detail] of unreadable) {
      const refusal = await refusalOf(here.lab, content);
      expect(refusal.code).to.equal('import.unreadable');
      expect(refusal.message).to.match(detail);
    }
  });
});

onSqlite('an inventory file', (open) => {
  const openLab = labsIn(open);

  it('may begin with a byte order mark, end its lines in the way of Windows, and order its columns freely', async () => {
    const lines = labLines(4);
    const columns = (Object.keys(lines[0]!) as (keyof FileLine)[]).reverse();
    const { lab } = await openLab();
    await importFile(lab, `\ufeff${fileOf(lines, columns).replaceAll('\n', '\r\n')}`);
    expect(await linesKeptBy(lab)).to.deep.equal(lines.map(tagsInOrder));
    expect(countsOf(await importFile(lab, fileOf(lines)))).to.include({ unchanged: 4 });
  });

  it('may hold commas, quotes, several lines and any script, and be empty but for its header', async () => {
    const [first] = labLines(1);
    const line = {
      ...first!,
      name: 'Ω 測 🔌, "the one"',
      notes: 'Größe: 2\nsee "notes"',
      manufacturer: "O'Neill; & Co",
    };
    const { lab } = await openLab();
    await importFile(lab, fileOf([line]));
    expect(await linesKeptBy(lab)).to.deep.equal([tagsInOrder(line)]);
    expect(countsOf(await importFile(lab, fileOf([])))).to.deep.equal({ created: 0, updated: 0, unchanged: 0 });
    expect(await linesKeptBy(lab)).to.have.length(1);
  });

  it('may use either vocabulary of statuses, and leave out what is not known', async () => {
    const words = ['Available', 'maintenance', 'OFFLINE', 'Retired', 'spare', ''];
    const lines = labLines(6).map((line, row) => ({
      oi_id: line.oi_id,
      name: `Thing ${row}`,
      device_type: 'WSS',
      category: 'optical',
      status: words[row]!,
    }));
    const { lab } = await openLab();
    await importFile(lab, fileOf(lines));
    const kept = await linesKeptBy(lab);
    expect(kept.map(({ status }) => status)).to.deep.equal([
      'active',
      'in_maintenance',
      'unavailable',
      'retired',
      'spare',
      'active',
    ]);
    expect(kept[0]).to.include({ manufacturer: '', serial_number: '', mgmt_ip: '', in_port: '', tags: '', ports: '' });
  });

  it('makes types as it says, infrastructure not schedulable, and leaves types alone that are there', async () => {
    const { lab, app } = await openLab();
    const admin = await administrator(lab, app);
    await admin
      .post('/admin/devices')
      .send({ deviceType: 'PDU', deviceName: 'PDU 0', status: 'Available', In_Port: '0', Out_Port: '0' })
      .expect(201);
    const line = (oi_id: string, device_type: string, category: string) => ({
      oi_id,
      name: oi_id,
      device_type,
      category,
    });
    await importFile(
      lab,
      fileOf([line('A', 'Console', 'INFRA'), line('B', 'Server', 'COMPUTE'), line('C', 'pdu', 'OPTICAL')]),
    );
    const types = await lab.work.run(({ deviceTypes }) => deviceTypes.all());
    expect(types.map(({ name, category, schedulable }) => [name, category, schedulable])).to.deep.equal([
      ['Console', 'INFRA', false],
      ['PDU', 'OPTICAL', true],
      ['Server', 'COMPUTE', true],
    ]);
    expect(await mistakesIn(lab, fileOf([line('D', 'PDU', 'INFRA')]))).to.deep.equal([
      { line: 2, column: 'category', detail: 'PDU is of category OPTICAL here' },
    ]);
  });

  it('may not take the serial number or the address of a device that is not in it', async () => {
    const { lab, store } = await openLab();
    const id = await aDevice(lab, { oi_id: 'OI-OTHER', name: 'Other', serial_number: 'S-1', mgmt_ip: '10.20.1.99' });
    const before = await store.rows();
    const [first, second] = labLines(2);
    const lines = [
      { ...first!, serial_number: 'S-1' },
      { ...second!, mgmt_ip: '10.20.1.99', name: 'Alone' },
    ];
    expect(await mistakesIn(lab, fileOf(lines))).to.deep.equal([
      { line: 2, column: 'serial_number', detail: `belongs to device ${id} (Other)` },
      { line: 3, column: 'mgmt_ip', detail: `belongs to device ${id} (Other)` },
    ]);
    expect(await store.rows()).to.deep.equal(before);
  });

  it('leaves alone the devices that it does not name', async () => {
    const { lab, app } = await openLab();
    const admin = await administrator(lab, app);
    await admin
      .post('/admin/devices')
      .send({ deviceType: 'ROADM', deviceName: 'By hand', status: 'Available', In_Port: '5', Out_Port: '0' })
      .expect(201);
    await importFile(lab, fileOf(labLines(3)));
    await importFile(lab, fileOf(labLines(2)));
    expect((await linesKeptBy(lab)).map(({ name }) => name)).to.deep.equal([
      'By hand',
      'TeraFlex 1',
      'TeraFlex 1',
      'TeraFlex 2',
    ]);
  });
});

forEveryStore('a damaged inventory file', (openLab) => {
  it('is refused as a whole, with every bad line named and nothing written', async function () {
    this.timeout(60_000);
    const { lab, store } = await openLab();
    await importFile(lab, fileOf(labLines(40)));
    const before = await store.rows();
    const kinds = Object.values(damage).map(({ change }) => change);
    // Every fourth line from the fiftieth on, far from the lines that are repeated on purpose.
    const lines = labLines();
    const bad = kinds.map((change, kind) => {
      const row = 48 + kind * 4;
      lines[row] = { ...lines[row]!, device_type: 'TeraFlex', category: 'OPTICAL', ...change };
      return row + 2;
    });
    lines[0] = { ...lines[0]!, notes: 'This line is good, and must not be written either.' };
    const mistakes = await mistakesIn(lab, fileOf(lines));
    expect([...new Set(mistakes.map(({ line }) => line))]).to.deep.equal(bad);
    expect(await store.rows()).to.deep.equal(before);
  });

  it('is refused as a whole when two booked devices would become one', async () => {
    const { lab, app, store } = await openLab();
    const lines = labLines(6);
    await importFile(lab, fileOf(lines));
    const ada = await signedIn(app, 'ada');
    const [first, , , fourth] = (await ada.get('/api/devices').expect(200)).body as DeviceReply[];
    for (const { id } of [first!, fourth!])
      await ada
        .post('/bookings')
        .send(daysOf(id, ['2026-11-27']))
        .expect(200);
    const before = await store.rows();
    const merged = lines.map((line) => ({
      ...line,
      name: line.name === 'TeraFlex 2' ? 'TeraFlex 1' : line.name,
      mgmt_ip: '',
      notes: 'changed',
    }));
    expect((await refusalOf(lab, fileOf(merged))).code).to.equal('device.has-bookings');
    expect(await store.rows()).to.deep.equal(before);
  });
});

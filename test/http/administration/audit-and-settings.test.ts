import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openDatabase } from '../../../adapters/typeorm/open-database.js';
import { LiveSettings, type KeptSetting } from '../../../application/index.js';
import { defaultBookingPolicy } from '../../../domain/index.js';
import { daysOf } from '../../support/booking-forms.js';
import { aDevice } from '../../support/devices.js';
import { booked, slotsOf, writingNothing } from '../../support/groups.js';
import { forEveryStore, labOver, type OpenLab } from '../../support/labs.js';
import { somebodyWith, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { databaseStore, onMariaDbStore } from '../../support/stores.js';

const run = promisify(execFile);

forEveryStore('the audit trail', (openLab) => {
  let open: OpenLab;
  let [root, approver, ada] = [] as unknown as [Agent, Agent, Agent];
  before(async () => {
    open = await openLab();
    root = await somebodyWith(open.lab, open.app, 'Super Admin', 'root');
    approver = await somebodyWith(open.lab, open.app, 'Approver', 'kim');
    ada = await signedIn(open.app, 'ada');
    await booked(ada, daysOf(await aDevice(open.lab, { name: '=cmd()' }), ['2026-11-25']));
  });

  it('is sealed, verified, and grows', async () => {
    const verify = async () => (await root.get('/admin/v2/audit/verify').expect(200)).body as Record<string, unknown>;
    expect(await verify()).to.include({ ok: true, entries: 0, first_bad_id: null });
    const head = await open.lab.sealAudit.execute();
    const sealed = await verify();
    expect(sealed).to.include({ ok: true, entries: head!.place, unsealed: 0 });
    expect(await open.lab.sealAudit.execute()).to.equal(null);
    await booked(ada, daysOf(await aDevice(open.lab), ['2026-11-25']));
    await open.lab.sealAudit.execute();
    expect((await verify()).entries).to.be.above(Number(sealed.entries));
    await ada.get('/admin/v2/audit/verify').expect(problem(403));
  });

  it('is found by filters of lab dates, and exported as a table without formulas', async () => {
    const { body } = await approver.get('/admin/v2/logs?entity_type=booking-group&actor=ADA&limit=1').expect(200);
    expect(body.meta).to.include({ limit: 1, offset: 0 });
    expect(body.items[0]).to.include({ action: 'booking.requested', outcome: 'success' });
    expect(body.items[0].entity).to.include({ type: 'booking-group' });
    const none = await approver.get('/admin/v2/logs?date_start=2026-11-24').expect(200);
    expect(none.body.meta.total).to.equal(0);
    const today = await approver.get('/admin/v2/logs?date_start=2026-11-23&date_end=2026-11-23').expect(200);
    expect(today.body.meta.total).to.be.above(0);
    await approver.get('/admin/v2/logs/export').expect(problem(403, 'permission.denied'));
    const file = await root
      .get('/admin/v2/logs/export')
      .expect(200)
      .expect('content-type', /text\/csv/);
    const lines = file.text.trim().split('\n');
    expect(lines[0]).to.equal('Timestamp,Actor,Role,Action,Entity,Outcome,Message');
    // What was refused meanwhile is there too.
    expect(lines.length).to.be.above(today.body.meta.total as number);
    for (const query of ['limit=0', 'limit=501', 'date_start=today', 'offset=-1']) {
      await approver.get(`/admin/v2/logs?${query}`).expect(problem(422));
    }
    await ada.get('/admin/v2/logs').expect(problem(403));
  });
});

describe('an audit trail that somebody tampers with', () => {
  const statements: Readonly<Record<string, { sql: string[]; says: RegExp; bad: number | null }>> = {
    'one letter of a message': {
      sql: [`UPDATE audit_log SET message = message || '.' WHERE id = 2`],
      says: /Entry 2 is not/,
      bad: 2,
    },
    'a blank in the metadata': {
      sql: [`UPDATE audit_log SET metadata = metadata || ' ' WHERE id = 3`],
      says: /Entry 3 is not/,
      bad: 3,
    },
    'who did it': { sql: [`UPDATE audit_log SET actor_id = 99 WHERE id = 1`], says: /Entry 1 is not/, bad: 1 },
    'an entry that is gone': { sql: ['DELETE FROM audit_log WHERE id = 2'], says: /Entry 2 is gone/, bad: 2 },
    'an entry and its link': {
      sql: ['DELETE FROM audit_log WHERE id = 2', 'DELETE FROM audit_seals WHERE entry_id = 2'],
      says: /Links 2 to 2 of the chain are missing/,
      bad: 3,
    },
    'the tail': {
      sql: ['DELETE FROM audit_log WHERE id >= 3', 'DELETE FROM audit_seals WHERE place >= 3'],
      says: /The last \d+ link\(s\) of the chain are gone/,
      bad: null,
    },
    'a forged link': { sql: [`UPDATE audit_seals SET hash = 'x' WHERE place = 2`], says: /Entry 2 is not/, bad: 2 },
  };

  for (const [what, { sql, says, bad }] of Object.entries(statements)) {
    it(`is found out: ${what}`, async () => {
      const database = await openDatabase('sqlite::memory:');
      const open = await labOver(databaseStore(database, () => Promise.reject(new Error('opened once'))));
      try {
        const root = await somebodyWith(open.lab, open.app, 'Super Admin', 'root');
        for (const name of ['ada', 'bob', 'eve']) await signedIn(open.app, name);
        await open.lab.sealAudit.execute();
        for (const statement of sql) await database.source.query(statement);
        const { body } = await root.get('/admin/v2/audit/verify').expect(200);
        expect(body.detail).to.match(says);
        expect([body.ok, body.first_bad_id]).to.deep.equal([false, bad]);
      } finally {
        await open.close();
      }
    });
  }

  it('is found out even where the note beside it was cut too, by an end that was written down elsewhere', async () => {
    const database = await openDatabase('sqlite::memory:');
    const open = await labOver(databaseStore(database, () => Promise.reject(new Error('opened once'))));
    try {
      const root = { id: 1, username: 'root', role: 'Super Admin' as const };
      for (const name of ['ada', 'bob', 'eve']) await signedIn(open.app, name);
      const noted = await open.lab.sealAudit.execute();
      expect((await open.lab.verifyAudit.execute(root, noted)).ok).to.equal(true);
      await database.source.query('DELETE FROM audit_log WHERE id >= 2');
      await database.source.query('DELETE FROM audit_seals WHERE place >= 2');
      await database.source.query('UPDATE audit_head SET place = 1, hash = (SELECT hash FROM audit_seals)');
      expect((await open.lab.verifyAudit.execute(root)).ok).to.equal(true);
      const verdict = await open.lab.verifyAudit.execute(root, noted);
      expect([verdict.ok, verdict.detail]).to.deep.equal([
        false,
        `The chain has no link ${noted!.place} with the hash that was noted.`,
      ]);
    } finally {
      await open.close();
    }
  });

  it('is told on the command line, which ends with 1', async () => {
    const folder = await import('node:fs/promises').then(({ mkdtemp }) => mkdtemp('/tmp/openlab-audit-'));
    const url = `sqlite:${folder}/lab.sqlite`;
    const database = await openDatabase(url);
    const open = await labOver(databaseStore(database, () => Promise.reject(new Error('opened once'))));
    for (const name of ['ada', 'bob']) await signedIn(open.app, name);
    await open.lab.sealAudit.execute();
    const verify = () =>
      run(process.execPath, ['--import=tsx', 'composition/verify-audit.ts'], {
        env: { ...process.env, DATABASE_URL: url },
      });
    expect((await verify()).stdout).to.match(/All 2 sealed entries are as they were written/);
    await database.source.query(`UPDATE audit_log SET message = 'nothing happened' WHERE id = 1`);
    await open.close();
    const failure = await verify().catch((error: unknown) => error as { code: number; stdout: string });
    expect(failure).to.include({ code: 1 });
    expect(failure.stdout).to.match(/Entry 1 is not what was sealed/);
    await import('node:fs/promises').then(({ rm }) => rm(folder, { recursive: true }));
  });
});

forEveryStore('settings', (openLab) => {
  let open: OpenLab;
  let [root, admin, ada] = [] as unknown as [Agent, Agent, Agent];
  beforeEach(async () => {
    open = await openLab();
    root = await somebodyWith(open.lab, open.app, 'Super Admin', 'root');
    admin = await somebodyWith(open.lab, open.app, 'Admin', 'admin');
    ada = await signedIn(open.app, 'ada');
  });

  const put = (agent: Agent, values: object) => agent.put('/admin/v2/settings').send({ values });

  it('are shown with what counts, and count at once where they are changed', async () => {
    const { body } = await admin.get('/admin/v2/settings').expect(200);
    expect(body.values).to.include({ 'booking.maxDays': 31, 'booking.maxGroups': null, 'approval.mode': 'manual' });
    const device = await aDevice(open.lab);
    await put(root, { 'booking.maxDays': 1, 'booking.minMinutes': 30 }).expect(200);
    const long = { device_id: device, start_time: '2026-11-24T00:00', end_time: '2026-11-26T00:00' };
    await ada
      .post('/bookings')
      .send({ bookings: [long] })
      .expect(problem(400, 'booking.too-long'));
    await put(root, { 'approval.mode': 'automatic', 'booking.minMinutes': null }).expect(200);
    const { statuses } = await booked(ada, slotsOf(device, ['2026-11-24 09:00-09:05']));
    expect(statuses).to.deep.equal(['CONFIRMED']);
    const again = (await root.get('/admin/v2/settings').expect(200)).body.values;
    expect(again).to.include({ 'booking.maxDays': 1, 'booking.minMinutes': null, 'approval.mode': 'automatic' });
    const logs = (await root.get('/admin/v2/logs?action=settings.').expect(200)).body;
    expect(logs.meta.total).to.equal(4);
    expect(logs.items[0].metadata).to.deep.equal({ before: 30, after: null });
  });

  it('refuse what they do not know and what makes no sense, all of it, and people who may not', async () => {
    await writingNothing(open.store, async () => {
      const wrong = {
        'booking.maxDays': 0,
        'booking.colour': 'red',
        'approval.mode': 'never',
        'booking.maxGroups': 1.5,
      };
      const { body } = await put(root, { ...wrong, 'booking.horizonDays': 10 }).expect(
        problem(400, 'settings.invalid'),
      );
      expect((body.errors as { path: string }[]).map(({ path }) => path)).to.have.members(Object.keys(wrong));
      await put(root, { 'booking.maxDays': { deep: 1 } }).expect(problem(422));
      await root.put('/admin/v2/settings').send({}).expect(problem(422));
      await put(admin, { 'booking.maxDays': 1 }).expect(problem(403, 'permission.denied'));
      await ada.get('/admin/v2/settings').expect(problem(403));
    });
  });
});

onMariaDbStore('limits and settings of two servers of one lab', (openStore) => {
  const opened: { close(): Promise<void> }[] = [];
  after(async () => {
    for (const lab of opened.reverse()) await lab.close();
  });

  it('are counted and followed by both', async () => {
    const store = await openStore();
    const one = await labOver(store, { http: { limited: true } });
    const two = await labOver(await store.again(), { http: { limited: true } });
    opened.push(one, two);
    await signedIn(one.server, 'ada');
    const wrong = (server: OpenLab['server']) =>
      import('supertest').then(({ default: supertest }) =>
        supertest(server)
          .post('/login')
          .send({ username: 'ada', password: 'x'.repeat(64) }),
      );
    const replies = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      replies.push((await wrong([one, two][attempt % 2]!.server)).status);
    }
    expect(replies).to.deep.equal([...Array<number>(10).fill(400), 429, 429]);
    const refused = await wrong(two.server);
    expect(refused.headers).to.include.keys('ratelimit', 'ratelimit-policy', 'retry-after');

    const root = await somebodyWith(one.lab, one.server, 'Super Admin', 'root');
    await root
      .put('/admin/v2/settings')
      .send({ values: { 'booking.maxDays': 2 } })
      .expect(200);
    await two.lab.liveSettings.refresh();
    expect(two.lab.liveSettings.policy.maxDays).to.equal(2);
  });

  it('hold at once for whatever is written through either', async () => {
    const store = await openStore();
    const one = await labOver(store);
    const two = await labOver(await store.again());
    opened.push(one, two);
    const device = await aDevice(one.lab);
    const root = await somebodyWith(one.lab, one.server, 'Super Admin', 'root');
    const ada = await signedIn(two.server, 'ada');
    for (const [n, mode] of (['automatic', 'manual', 'automatic', 'manual'] as const).entries()) {
      await root
        .put('/admin/v2/settings')
        .send({ values: { 'approval.mode': mode } })
        .expect(200);
      const { statuses } = await booked(ada, slotsOf(device, [`2026-11-2${4 + n} 09:00-12:00`]));
      expect(statuses).to.deep.equal([mode === 'automatic' ? 'CONFIRMED' : 'PENDING']);
    }
  });
});

describe('settings that are looked at while they change', () => {
  it('do not go back to what a look saw that began earlier and took longer', async () => {
    let answer: (changes: KeptSetting[]) => void = () => undefined;
    const slow = new Promise<KeptSetting[]>((resolve) => (answer = resolve));
    const days = (value: number): KeptSetting[] => [{ key: 'booking.maxDays', value, changedAt: 0, changedBy: 1 }];
    const looks = [() => slow, () => Promise.resolve(days(3))];
    const live = new LiveSettings(
      { policy: defaultBookingPolicy, approvalMode: 'manual', selfApproval: 'admins' },
      { all: () => looks.shift()!() },
    );
    const early = live.refresh();
    live.apply(days(2));
    answer(days(9));
    await early;
    expect(live.policy.maxDays).to.equal(2);
    await live.refresh();
    expect(live.policy.maxDays).to.equal(3);
  });
});

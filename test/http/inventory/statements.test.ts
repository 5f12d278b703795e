import { expect } from 'chai';
import type { Logger } from 'typeorm';
import supertest from 'supertest';
import type { Database } from '../../../adapters/typeorm/database.js';
import { openDatabase } from '../../../adapters/typeorm/open-database.js';
import { importDevices } from '../../support/devices.js';
import { labOver, type OpenLab } from '../../support/labs.js';
import { nameOf, openApi, operationsOf, type Operation } from '../../support/operations.js';
import { administrator, signedIn, type Agent } from '../../support/people.js';
import { shortPauses, simulatedHardware } from '../../support/power.js';
import { databaseStore } from '../../support/stores.js';
import { daysOf } from '../../support/booking-forms.js';

const FEW = 10;
const MANY = 1000;

const nothing = (): void => undefined;

/** What stands for the parameters of a list, where anything else than 1 or `x` does. */
const queries: Readonly<Record<string, string>> = {
  '/users/search': 'q=person&limit=20',
  '/api/users/search': 'q=person&limit=20',
  '/bookings/for-week': 'start=2026-11-23',
  '/api/devices/{id}/free-slots': 'from=2026-11-24T00:00:00Z&to=2026-11-28T00:00:00Z&minutes=60',
  '/api/inventory/devices': 'limit=500&search=device',
  '/api/inventory/devices/{id}/history': 'limit=500',
  '/admin/v2/bookings': 'limit=200&search=person&sort=device_type:desc',
  '/admin/v2/devices': 'limit=200',
  '/admin/v2/search': 'q=person',
};

/** What is as long as the lab has rows, and how the whole lab is wired, is read some hundreds of rows at a time. */
const readInParts = new Set([
  '/admin/v2/bookings/export',
  '/api/inventory/links',
  '/api/inventory/links/{id}',
  '/api/inventory/devices/{id}/trace',
]);

/** What never ends, and what takes a secret to be asked. */
const feeds = /^\/api\/events$|\.ics$/;

/** Copies of a row: what must be unique in them is numbered. */
interface Copies {
  readonly table: string;
  /** Column and expression in SQL; `n.value` is the number of the copy. */
  readonly columns: Readonly<Record<string, string>>;
}

/** A thousand of everything that lists show, made of the first of its kind. */
const grown: readonly Copies[] = [
  ...['manufacturers', 'sites', 'tags'].map((table) => ({
    table,
    columns: { name: `'entry ' || n.value`, name_key: `'entry ' || n.value` },
  })),
  {
    table: 'device_types',
    columns: { name: `'type ' || n.value`, name_key: `'type ' || n.value` },
  },
  {
    table: 'devices',
    columns: {
      name: `'device ' || n.value`,
      name_key: `'device ' || n.value`,
      search_text: `'device ' || n.value`,
      oi_id: `'OI-COPY-' || n.value`,
      manufacturer_id: 'n.value % 20 + 1',
      site_id: 'n.value % 20 + 1',
    },
  },
  { table: 'device_tags', columns: { device_id: 'n.value + 1', tag_id: 'n.value % 20 + 2' } },
  { table: 'device_health', columns: { device_id: 'n.value + 1' } },
  { table: 'maintenance_windows', columns: { device_id: 'n.value % 50 + 1' } },
  { table: 'device_changes', columns: { device_id: '1' } },
  { table: 'device_change_fields', columns: { change_id: 'n.value' } },
  { table: 'attachments', columns: { vault_name: `'copy-' || n.value` } },
  {
    table: 'users',
    columns: {
      username: `'person ' || n.value`,
      username_key: `'person ' || n.value`,
      email: 'NULL',
      email_key: 'NULL',
    },
  },
  {
    table: 'bookings',
    columns: { group_id: `'group ' || n.value`, device_id: 'n.value % 50 + 1', starts_at: '1795600000000 + n.value' },
  },
  { table: 'booking_collaborators', columns: { booking_id: 'n.value + 1', user_id: 'n.value % 20 + 2' } },
];

/** Every route that reads, of a lab with ten of everything and then of one with a thousand. */
describe('the statements of every list', () => {
  let database: Database;
  let open: Omit<OpenLab, 'store'>;
  let admin: Agent;
  let statements: string[] = [];

  before(async () => {
    database = await openDatabase('sqlite::memory:');
    const logger: Logger = {
      logQuery: (sql) => statements.push(sql),
      ...{
        logQueryError: nothing,
        logQuerySlow: nothing,
        logSchemaBuild: nothing,
        logMigration: nothing,
        log: nothing,
      },
    };
    database.source.setOptions({ logger });
    open = await labOver(
      databaseStore(database, () => Promise.reject(new Error('one is enough'))),
      { hardware: simulatedHardware(), pauses: shortPauses },
    );
    admin = await administrator(open.lab, open.server);
    const ids = await importDevices(
      open.lab,
      Array.from({ length: FEW }, (_, nth) => ({
        ...{ name: `Device ${nth}`, manufacturer: `Maker ${nth}`, site: `Site ${nth}`, tags: `tag ${nth};every` },
      })),
    );
    for (let nth = 0; nth < FEW; nth += 1) await signedIn(open.server, `person-${nth}`);
    for (const id of ids) {
      await admin
        .post('/bookings')
        .send(daysOf(id, ['2026-11-25'], { collaborators: ['person-1'] }))
        .expect(200);
      await admin
        .put(`/api/inventory/devices/${ids[0]}`)
        .send({ notes: `note ${id}` })
        .expect(200);
      await admin
        .post(`/api/inventory/devices/${ids[0]}/attachments`)
        .attach('file', Buffer.from('text'), 'a.txt')
        .expect(200);
      const window = { start_time: '2027-02-01T09:00:00Z', end_time: '2027-02-01T17:00:00Z' };
      await admin.post(`/api/devices/${id}/maintenance`).send(window).expect(201);
      await admin.post(`/admin/v2/devices/${id}/health`).send({ status: 'ok' }).expect(200);
    }
  });
  after(() => open.close());

  /** One of each thing whose number or name stands in a path. */
  before(async () => {
    await admin.post('/control-panel/pdus').send({ name: '1', host: 'rack', driver: 'simulated' }).expect(200);
    await admin.post('/control-panel/pdus/1/connect').expect(200);
    await admin.post('/control-panel/pdus/1/outlets/1/cycle').expect(202);
    await open.lab.powerDesk.quiet();
    await admin.post('/topology').send({ name: 'Ring', nodes: [], edges: [] }).expect(200);
  });

  const lists = operationsOf(openApi()).filter(
    ({ method, path }) => method === 'get' && !readInParts.has(path) && !feeds.test(path),
  );

  const askFor = async ({ path }: Operation): Promise<{ count: number; length: number }> => {
    const filled = path.replace('{oiId}', 'OI-TEST-1').replace(/{\w+}/g, '1');
    statements = [];
    const query = queries[path];
    const reply = await admin.get(query === undefined ? filled : `${filled}?${query}`).buffer(true);
    expect(reply.status, `${path}: ${reply.text}`).to.be.within(200, 299);
    return { count: statements.length, length: reply.text.length };
  };

  const grow = async (): Promise<void> => {
    for (const { table, columns } of grown) {
      const all = (await database.source.query<{ name: string }[]>(`PRAGMA table_info(${table})`)).map(
        ({ name }) => name,
      );
      const copied = all.filter((name) => name !== 'id');
      const values = copied.map((name) => columns[name] ?? `one.${name}`).join(', ');
      await database.source.query(
        `WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ${MANY})
         INSERT OR IGNORE INTO ${table} (${copied.join(', ')})
         SELECT ${values} FROM n, (SELECT * FROM ${table} LIMIT 1) AS one`,
      );
    }
  };

  it('are as many for a thousand rows as for ten', async function () {
    this.timeout(60_000);
    const few = new Map<string, { count: number; length: number }>();
    for (const list of lists) few.set(nameOf(list), await askFor(list));
    await grow();
    const more: string[] = [];
    let longer = 0;
    for (const list of lists) {
      const [before, after] = [few.get(nameOf(list))!, await askFor(list)];
      if (after.length > 5 * before.length) longer += 1;
      if (after.count > before.count)
        more.push(`${nameOf(list)}: ${before.count} for ${FEW}, ${after.count} for ${MANY}`);
    }
    expect(more).to.deep.equal([]);
    // Or the test would compare short lists with short lists.
    expect(longer).to.be.at.least(12);
  });

  it('are told apart from those that grow', async () => {
    statements = [];
    await supertest(open.server).get('/health').expect(200);
    expect(statements).to.deep.equal([]);
    await askFor(lists.find(({ path }) => path === '/api/inventory/devices')!);
    expect(statements.filter((sql) => sql.includes('FROM devices'))).to.have.length(2);
  });
});

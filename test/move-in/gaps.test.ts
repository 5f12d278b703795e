import { expect } from 'chai';
import { AesCredentialVault } from '../../adapters/crypto/aes-credential-vault.js';
import { sha256Digest } from '../../adapters/crypto/sha256-digest.js';
import { MemoryLab } from '../../adapters/memory/memory-lab.js';
import { MemoryNewHome } from '../../adapters/memory/new-home.js';
import { openDatabase } from '../../adapters/typeorm/open-database.js';
import { TypeormNewHome } from '../../adapters/typeorm/move-in/typeorm-new-home.js';
import { readPduFile } from '../../adapters/legacy/read-pdu-file.js';
import { MoveIn, type NewHome, type OldHome } from '../../application/move-in/index.js';
import { columnsRead, OLD_TABLES, rowName, type OldLab, type OldTable } from '../../application/move-in/rules/index.js';
import { defaultBookingPolicy, LabZone } from '../../domain/index.js';
import { refusal } from '../contracts/refusal.js';
import { legacyLab } from '../support/legacy-lab.js';
import { ManualClock } from '../support/manual-clock.js';
import { AS_OF } from '../support/moving-in.js';
import { emptyOldLab } from '../support/old-rows.js';
import { RecordingHasher } from '../support/recording-hasher.js';

const moveInto = (home: NewHome) =>
  new MoveIn(home, new RecordingHasher(), new AesCredentialVault(null, {}), sha256Digest, new ManualClock(AS_OF), {
    zone: new LabZone('Europe/Dublin'),
    policy: defaultBookingPolicy,
  });

const move = (old: OldHome, dryRun = false) => moveInto(new MemoryNewHome(new MemoryLab())).execute(old, dryRun);

/** A few rows of each table. */
const few = Object.fromEntries(OLD_TABLES.map((table) => [table, legacyLab()[table].slice(0, 4)])) as unknown as OldLab;

const ZERO = '0000-00-00 00:00:00';

/** The first row of a table says something else in one column. */
const having = (table: OldTable, column: string, value: unknown): OldHome => {
  const [first, ...others] = few[table] as readonly object[];
  return { lab: { ...few, [table]: [{ ...first, [column]: value }, ...others] }, pdus: [] };
};

const saidOf = async (table: OldTable, column: string, value: unknown) => {
  const old = having(table, column, value);
  const row = rowName(table, (old.lab[table] as readonly object[])[0] ?? {});
  const { lines, totals } = await move(old);
  expect(totals[table].read, `${table}.${column}`).to.equal(few[table].length);
  const own = lines.filter(({ source, row: of, rule }) => source === table && of === row && rule.startsWith('row.'));
  return own.map(({ verdict, detail }) => `${verdict}: ${detail}`);
};

describe('a row of an old lab', () => {
  const identities = ['id', 'booking_id'];
  for (const table of OLD_TABLES) {
    it(`of ${table} can be NULL, or no time, in any column`, async () => {
      for (const column of columnsRead(table).filter((name) => !identities.includes(name))) {
        const said = await saidOf(table, column, null);
        if (/_(?:at|time|date)$/.test(column)) {
          expect(await saidOf(table, column, ZERO), column).to.have.length.greaterThan(0);
        } else expect(said.length, column).to.be.lessThan(2);
      }
    });
  }

  for (const [table, column, value, said] of [
    ['booking_table', 'start_time', ZERO, `refused: has no start_time ('${ZERO}' is no time)`],
    ['booking_table', 'end_time', '2026-00-10 08:00:00', `refused: has no end_time ('2026-00-10 08:00:00' is no time)`],
    ['booking_table', 'start_time', null, 'refused: has no start_time'],
    [
      'booking_table',
      'created_at',
      ZERO,
      `changed: created_at is '${ZERO}', which is no time: the time of the move stands for it`,
    ],
    ['devices', 'created_at', null, 'changed: has no created_at: updated_at stands for it'],
    [
      'device_health_snapshot',
      'updated_at',
      ZERO,
      `changed: updated_at is '${ZERO}', which is no time: heartbeat_at stands for it`,
    ],
    [
      'device_ownership',
      'revoked_at',
      ZERO,
      `changed: revoked_at is '${ZERO}', which is no time: nothing stands for it`,
    ],
    ['user_table', 'username', null, `changed: has no username: 'user 1' stands for it`],
    ['booking_favorite', 'name', null, `changed: has no name: '' stands for it`],
    ['topology_table', 'nodes', null, 'refused: has no nodes'],
  ] as const) {
    it(`of ${table} with ${column} ${value ?? 'NULL'} is ${said.split(':')[0] ?? ''}, and it is told`, async () => {
      expect(await saidOf(table, column, value)).to.deep.equal([said]);
    });
  }

  it('that no rule provides for is named, whatever is wrong with it', async () => {
    const { code, message } = await refusal(move(having('booking_table', 'status', { no: 'text' })));
    expect(code).to.equal('move-in.unreadable-row');
    expect(message).to.match(/^The move cannot go on at booking_table \d+: /);
  });

  it('that the database cannot keep is named', async () => {
    const database = await openDatabase('sqlite::memory:');
    const old = { lab: { ...emptyOldLab, user_table: few.user_table }, pdus: [] };
    const keep = new TypeormNewHome(database);
    const twice: NewHome = {
      lastMove: () => keep.lastMove(),
      inTheWay: () => keep.inTheWay(),
      fill: (lab) => keep.fill({ ...lab, accounts: [...lab.accounts, ...lab.accounts.slice(1, 2)] }),
    };
    const { code, message } = await refusal(moveInto(twice).execute(old));
    expect(code).to.equal('move-in.unwritable-row');
    expect(message).to.match(/^The database keeps no row 2 in users: SqliteError: UNIQUE constraint failed/);
    expect(await keep.inTheWay()).to.deep.equal([]);
    await database.close();
  });
});

describe('the file of the PDUs', () => {
  const pdu = 'pdus:\n- name: P1\n  host: 10.0.0.9\n';
  for (const [what, text, ...mistakes] of [
    [
      'an outlet that is nothing',
      `${pdu}  outlets:\n  - null\n`,
      'PDU P1: entry 1 of outlets: outlet_idx is not a whole number from 1 to 10000',
    ],
    [
      'a huge number of an outlet',
      `${pdu}  outlets:\n  - outlet_idx: 99999999999\n`,
      'PDU P1: entry 1 of outlets: outlet_idx is not a whole number from 1 to 10000',
    ],
    ['outlets that are no list', `${pdu}  outlets: 5\n`, 'PDU P1: outlets is no list'],
    [
      'a long name',
      `pdus:\n- name: ${'n'.repeat(300)}\n  host: h\n`,
      `PDU ${'n'.repeat(100)}: name is longer than 100 characters`,
    ],
    ['a host with spaces', 'pdus:\n- name: P1\n  host: a b\n', 'PDU P1: host is not an address or host name'],
    [
      'a host that is a path',
      'pdus:\n- name: P1\n  host: 10.0.0.9/../x\n',
      'PDU P1: host is not an address or host name',
    ],
    [
      'a PDU without name and host',
      'pdus:\n- user: admin\n',
      'PDU number 1: it has no name',
      'PDU number 1: it has no host',
    ],
    [
      'a long password, which it does not repeat',
      `${pdu}  passwd: ${'s3cret'.repeat(50)}\n`,
      'PDU P1: passwd is longer than 200 characters',
    ],
    [
      'a long name of a device',
      `${pdu}  outlets:\n  - outlet_idx: 3\n    device_name: ${'d'.repeat(201)}\n`,
      'PDU P1: outlet 3: device_name is longer than 200 characters',
    ],
  ] as const) {
    it(`is refused with ${what}, also when it is only asked`, async () => {
      const old = { lab: emptyOldLab, pdus: readPduFile(text) };
      expect((await move(old, true)).hindrances).to.deep.equal(mistakes);
      const { code, message } = await refusal(move(old));
      expect([code, message]).to.deep.equal(['move-in.pdu-mistakes', mistakes.join('\n')]);
    });
  }
});

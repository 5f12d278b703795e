import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { parse as parseYaml } from 'yaml';
import { defaultLaneSettings } from '../../application/index.js';
import { automaticApproval, ConfigMistakes, loadConfig } from '../../composition/config.js';
import { packageRoot } from '../../composition/package-root.js';
import { defaultBookingPolicy, defaultPowerPolicy, limitsFor } from '../../domain/index.js';

const SECRET = 'sixteen letters or more';
const SERVER_DATABASE = 'mysql://lab:secret@db.example:3306/openlab';

describe('the configuration', () => {
  let folder = '';
  let files = 0;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'openlab-config-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The path of a config.yaml with that text. */
  const fileSaying = (text: string): string => {
    const file = path.join(folder, `config-${++files}.yaml`);
    writeFileSync(file, text);
    return file;
  };

  const load = (environment: NodeJS.ProcessEnv, text = '') =>
    loadConfig({ CONFIG_PATH: fileSaying(text), ...environment });

  /** Its mistakes, with the path of the file written as `config.yaml`. */
  const mistakesOf = (environment: NodeJS.ProcessEnv, text = ''): readonly string[] => {
    const given = { CONFIG_PATH: fileSaying(text), ...environment };
    try {
      loadConfig(given);
    } catch (error) {
      if (error instanceof ConfigMistakes) {
        return error.mistakes.map((mistake) => mistake.replaceAll(given.CONFIG_PATH, 'config.yaml'));
      }
      throw error;
    }
    return [];
  };

  /** What each mistake is about. */
  const wrongIn = (environment: NodeJS.ProcessEnv, text = ''): string[] =>
    mistakesOf(environment, text).map((mistake) => /^(?:config\.yaml: )?[^:]+/.exec(mistake)?.[0] ?? mistake);

  const usualPapers = [
    ...['application/pdf', 'text/plain', 'application/json', 'application/xml'],
    ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/tiff', 'image/svg+xml'],
    ...['application/zip', 'application/gzip', 'application/x-7z-compressed', 'application/x-tar', 'application/x-cfb'],
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ...['application/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.spreadsheet'],
  ];
  const noExceptions = { ...defaultBookingPolicy, turnaroundMinutes: 0, deviceTypes: {}, roles: {} };

  it('says how power is driven, and of PDUs where their secrets are', () => {
    const { power } = load(
      {},
      `power:
  automation: suspended
  devices: { ROADM 1: on-demand }
  leadMinutes: 2
  staggerMilliseconds: 0
  credentials: env:PDU_SNMP
  pdus:
    - { name: PDU 1, host: 192.0.2.1, outlets: [{ number: 3, device: ROADM 1, mode: on_demand }] }
`,
    );
    expect(power.policy).to.deep.include({
      automation: 'suspended',
      devices: { 'ROADM 1': 'on-demand' },
      lead: 120_000,
    });
    expect(power.lane).to.deep.equal({ ...defaultLaneSettings, stagger: 0 });
    expect(power.credentials).to.equal('env:PDU_SNMP');
    expect(power.pdus).to.deep.equal([
      {
        ...{ name: 'PDU 1', host: '192.0.2.1', port: 161, driver: 'auto', credentials: 'default' },
        ...{ user: null, pduPath: null, externalId: null },
        outlets: [{ number: 3, device: { name: 'ROADM 1' }, mode: 'on_demand' }],
      },
    ]);
    const secret = 'power: { credentials: hunter2, pdus: [{ name: P, host: h, credentials: hunter2 }] }';
    expect(wrongIn({}, secret)).to.deep.equal([inFile('power.credentials'), inFile('power.pdus.0.credentials')]);
  });

  it('takes no PDU that could not be registered by hand', () => {
    const pdus = JSON.stringify([
      { name: '\u{fdfa}'.repeat(100), host: 'PDU 1' },
      { name: 'P', host: '192.0.2.1/admin' },
      { name: 'Q', host: 'q', outlets: [{ number: 10_001, device: '\u0007' }] },
      {
        name: 'R',
        host: 'r',
        outlets: Array.from({ length: 1001 }, (_, index) => ({ number: index + 1, device: 'A' })),
      },
    ]);
    const wrong = ['0.name', '0.host', '1.host', '2.outlets.0.number', '2.outlets.0.device', '3.outlets'];
    expect(wrongIn({}, `power: { pdus: ${pdus} }`)).to.deep.equal(wrong.map((where) => inFile(`power.pdus.${where}`)));
  });

  describe('where it comes from', () => {
    it('is the defaults when nobody says anything', () => {
      expect(load({})).to.deep.equal({
        lab: { name: 'OpenLab', timezone: 'Europe/Dublin' },
        booking: noExceptions,
        notifications: { channels: {}, digestHour: 8, remindMinutes: 60 },
        approval: { mode: 'manual', allowSelf: 'admins', deviceTypes: {}, roles: {} },
        inventory: { attachments: { maxMegabytes: 20, types: usualPapers } },
        power: { policy: defaultPowerPolicy, lane: defaultLaneSettings, credentials: null, pdus: [] },
        env: {
          PORT: 25_001,
          DATABASE_URL: 'sqlite:data/openlab.sqlite',
          RATE_LIMIT: 'on',
          SEED: 'example',
          LOG_LEVEL: 'info',
          TRUST_PROXY: false,
        },
        notices: [],
      });
    });

    it('takes what the file says, and the defaults for the rest', () => {
      const { lab, booking, approval } = load(
        {},
        'lab: { name: Photonics }\nbooking:\n  maxDays: 7\napproval:\n  deviceTypes: { OTDR: automatic }\n',
      );
      expect(lab).to.deep.equal({ name: 'Photonics', timezone: 'Europe/Dublin' });
      expect(booking).to.deep.equal({ ...noExceptions, maxDays: 7 });
      expect(approval).to.deep.include({ mode: 'manual', deviceTypes: { OTDR: 'automatic' }, roles: {} });
    });

    it('takes exceptions for some devices and some people, and an empty limit as none', () => {
      const { booking } = load(
        {},
        `booking:
  maxGroups: 5
  maxDeviceHours:
  deviceTypes: { OTDR: { maxDays: 2, turnaroundMinutes: 30 } }
  roles: { Admin: { maxGroups: } }
`,
      );
      expect(booking.maxDeviceHours).to.equal(undefined);
      expect(limitsFor(booking, 'otdr', 'User')).to.include({ maxDays: 2, turnaroundMinutes: 30, maxGroups: 5 });
      expect(limitsFor(booking, 'ROADM', 'Admin')).to.deep.include({ maxDays: 31, maxGroups: undefined });
    });

    it('takes what the environment says beside the file', () => {
      const { lab, env } = load({ PORT: '8080', LOG_LEVEL: 'warn' }, 'lab: { name: Photonics }');
      expect(lab.name).to.equal('Photonics');
      expect(env).to.include({ PORT: 8080, LOG_LEVEL: 'warn', SEED: 'example' });
    });

    it('counts empty variables as not set, as compose files and shells write them', () => {
      const empty = {
        PORT: '',
        HOST: '',
        DATABASE_URL: '',
        SESSION_SECRET: '',
        ADMIN_SECRET: '',
        SEED: '',
        SMTP_URL: '',
      };
      expect(load(empty)).to.deep.equal(load({}));
      expect(wrongIn({ DATABASE_URL: SERVER_DATABASE, SESSION_SECRET: '' })).to.deep.equal(['SESSION_SECRET']);
    });

    it('reads config.yaml in the working folder, and does without one', () => {
      const here = process.cwd();
      const empty = path.join(folder, 'empty');
      mkdirSync(empty);
      try {
        process.chdir(empty);
        expect(loadConfig({})).to.deep.equal(load({}));
        writeFileSync('config.yaml', 'lab: { name: Here }');
        expect(loadConfig({}).lab.name).to.equal('Here');
      } finally {
        process.chdir(here);
      }
    });

    it('has no secret by default', () => {
      const { env } = load({});
      expect(Object.keys(env).filter((name) => /SECRET|TOKEN|WEBHOOK|SMTP/.test(name))).to.deep.equal([]);
    });
  });

  describe('the file that is shipped', () => {
    const shipped = path.join(packageRoot, 'config.yaml');

    it('says what is so without it', () => {
      const { env, power, notices, ...settings } = load({});
      expect(parseYaml(readFileSync(shipped, 'utf8'))).to.deep.include(settings);
      expect(loadConfig({ CONFIG_PATH: shipped })).to.deep.equal({ ...settings, power, env, notices });
    });

    it('explains every section', () => {
      const lines = readFileSync(shipped, 'utf8').split('\n');
      const unexplained = lines.filter((line, index) => /^\w/.test(line) && !lines[index - 1]?.startsWith('# '));
      expect(unexplained).to.deep.equal([]);
    });
  });

  it('knows every variable that operators are promised', () => {
    const promised = {
      PORT: '80',
      HOST: '127.0.0.1',
      DATABASE_URL: SERVER_DATABASE,
      CONFIG_PATH: fileSaying(''),
      SESSION_SECRET: SECRET,
      ADMIN_SECRET: 'let me in',
      FRONTEND_ORIGINS: 'https://lab.example, http://lab.example:25002/',
      RATE_LIMIT: 'off',
      METRICS_TOKEN: SECRET,
      BOOKING_WEBHOOK: 'https://discord.example/api/webhooks/1/a',
      ADMIN_WEBHOOK: 'https://discord.example/api/webhooks/2/b',
      SMTP_URL: 'smtps://user:pw@mail.example:465',
      MAIL_FROM: 'OpenLab <lab@lab.example>',
      SEED: 'none',
      LOG_LEVEL: 'debug',
      TRUST_PROXY: '1',
    };
    const { CONFIG_PATH, ...kept } = promised;
    expect(loadConfig(promised).env).to.deep.equal({
      ...kept,
      PORT: 80,
      FRONTEND_ORIGINS: ['https://lab.example', 'http://lab.example:25002'],
      TRUST_PROXY: 1,
    });
  });

  describe('in the words of the old backend', () => {
    it('is read, with a notice for each', () => {
      const { env, notices } = load({
        BACKEND_PORT: '25101',
        FRONTEND_URL: 'http://lab.example:25002/scheduler/',
        DATABASE_URL: 'mysql+pymysql://lab:p%40ss%2Fw%3Ard%25@db.example:3306/openlab?charset=utf8mb4',
        SESSION_SECRET: SECRET,
      });
      expect(env).to.deep.include({
        PORT: 25_101,
        FRONTEND_ORIGINS: ['http://lab.example:25002'],
        DATABASE_URL: 'mysql://lab:p%40ss%2Fw%3Ard%25@db.example:3306/openlab',
      });
      expect(notices.map((notice) => notice.split(' ', 1)[0])).to.deep.equal([
        'BACKEND_PORT',
        'FRONTEND_URL',
        'DATABASE_URL',
      ]);
      expect(notices.join('\n')).not.to.match(/p%40ss|lab\.example/);
    });

    it('does not go over the new ones', () => {
      const { env, notices } = load({ BACKEND_PORT: '25101', PORT: '80' });
      expect(env.PORT).to.equal(80);
      expect(notices[0]).to.match(/^BACKEND_PORT is not read/);
    });

    it('has the same mistakes, under the new names', () => {
      expect(wrongIn({ BACKEND_PORT: 'http', FRONTEND_URL: 'lab.example' })).to.deep.equal([
        'PORT',
        'FRONTEND_ORIGINS.0',
      ]);
      expect(wrongIn({ DATABASE_URL: 'mysql+pymysql://lab:pw@db.example/openlab' })).to.deep.equal(['SESSION_SECRET']);
      expect(wrongIn({ DATABASE_URL: 'postgresql+psycopg2://lab:pw@db.example/openlab' })).to.deep.equal([
        'DATABASE_URL',
      ]);
    });
  });

  it('reads each way to say which proxies are trusted', () => {
    const read = (value: string) => load({ TRUST_PROXY: value }).env.TRUST_PROXY;
    expect(['true', 'false', '2', 'loopback', '10.0.0.0/8, ::1, uniquelocal'].map(read)).to.deep.equal([
      1,
      false,
      2,
      'loopback',
      '10.0.0.0/8, ::1, uniquelocal',
    ]);
  });

  it('decides on approval by device type before role before mode', () => {
    const { approval } = load(
      {},
      'approval: { mode: automatic, roles: { User: manual }, deviceTypes: { OTDR: automatic } }',
    );
    const decides = automaticApproval(approval);
    const thing = (type: string) => ({ type }) as Parameters<typeof decides>[0];
    expect(decides(thing('OTDR'), 'User')).to.be.true;
    expect(decides(thing('ROADM'), 'User')).to.be.false;
    expect(decides(thing('ROADM'), 'Admin')).to.be.true;
  });

  describe('mistakes', () => {
    it('are named all at once, in the environment and in the file', () => {
      const wrongEnvironment = {
        PORT: 'eighty',
        DATABASE_URL: 'postgres://db/openlab',
        SESSION_SECRET: 'short',
        FRONTEND_ORIGINS: 'lab.example',
        RATE_LIMIT: 'yes',
        METRICS_TOKEN: 'short',
        BOOKING_WEBHOOK: 'not a url',
        ADMIN_WEBHOOK: 'ftp://discord.example',
        SMTP_URL: 'https://mail.example',
        MAIL_FROM: '@',
        SEED: 'everything',
        LOG_LEVEL: 'loud',
        TRUST_PROXY: 'banana',
      };
      const wrongFile = `
lab: { name: '', timezone: Europe/Atlantis }
booking: { maxContenders: 0, maxDays: a month, horizonDays: 1.5 }
approval: { mode: perhaps, deviceTypes: { OTDR: never }, roles: { Guest: manual } }
power: { pdus: [{ host: 192.0.2.1 }] }
`;
      expect(wrongIn(wrongEnvironment, wrongFile)).to.have.members([
        ...['PORT', 'DATABASE_URL', 'SESSION_SECRET', 'FRONTEND_ORIGINS.0', 'RATE_LIMIT', 'METRICS_TOKEN'],
        ...['BOOKING_WEBHOOK', 'ADMIN_WEBHOOK', 'SMTP_URL', 'MAIL_FROM', 'SEED', 'LOG_LEVEL', 'TRUST_PROXY'],
        ...['lab.name', 'lab.timezone', 'booking.maxContenders', 'booking.maxDays', 'booking.horizonDays'].map(inFile),
        ...['approval.mode', 'approval.deviceTypes.OTDR', 'approval.roles', 'power.pdus.0.name'].map(inFile),
      ]);
    });

    it('are one to a line in the message', () => {
      const given = { CONFIG_PATH: fileSaying('lap: {}'), PORT: '-1', SEED: 'x' };
      expect(() => loadConfig(given)).to.throw(ConfigMistakes, /\n {2}- PORT: .*\n {2}- SEED: .*\n {2}- .*lap/);
    });

    it('never repeat a secret', () => {
      const secret = 'hunter2!';
      const told = mistakesOf({
        SESSION_SECRET: secret,
        METRICS_TOKEN: secret,
        DATABASE_URL: `mysql://lab:${secret}@`,
        SMTP_URL: `smtp ${secret}`,
        BOOKING_WEBHOOK: secret,
      });
      expect(told).to.have.length(5);
      expect(told.join('\n')).not.to.include(secret);
    });

    it('include keys of the file that nobody knows, at every level', () => {
      const text = 'lap: {}\nlab: { nmae: X }\nbooking: { maxDays: 3, max_days: 3 }\napproval: { modes: manual }\n';
      const told = mistakesOf({}, text);
      expect(told).to.have.length(4);
      for (const key of ['lap', 'nmae', 'max_days', 'modes']) {
        expect(told.filter((mistake) => mistake.includes(`"${key}"`))).to.have.length(1);
      }
    });

    it('include a file that is named and not there', () => {
      const missing = path.join(folder, 'nowhere.yaml');
      expect(mistakesOf({ CONFIG_PATH: missing, PORT: 'x' })).to.deep.equal([
        `CONFIG_PATH: there is no file ${missing}`.replace(missing, 'config.yaml'),
        'PORT: must be a port number',
      ]);
    });

    it('include a file that is no YAML, no mapping or no file at all', () => {
      expect(mistakesOf({ SEED: 'x' }, 'lab: [}')).to.have.length(2);
      expect(wrongIn({}, '- lab\n- booking\n')).to.deep.equal([inFile('(top level)')]);
      expect(mistakesOf({ CONFIG_PATH: folder })).to.have.length(1);
    });

    it('include a server database without a session secret, also beside other mistakes', () => {
      expect(wrongIn({ DATABASE_URL: SERVER_DATABASE })).to.deep.equal(['SESSION_SECRET']);
      expect(wrongIn({ DATABASE_URL: SERVER_DATABASE, PORT: 'x' })).to.have.members(['PORT', 'SESSION_SECRET']);
      expect(load({ DATABASE_URL: SERVER_DATABASE, SESSION_SECRET: SECRET }).env.SESSION_SECRET).to.equal(SECRET);
    });

    it('include addresses of databases that nothing could connect to', () => {
      const wrong = [
        'sqlite:',
        'openlab.sqlite',
        'mysql://',
        'mysql://db.example',
        'mysql:///openlab',
        'mysql://a b/c',
        'mysql://lab:100%@db.example/openlab',
      ];
      for (const url of wrong) {
        expect(wrongIn({ DATABASE_URL: url, SESSION_SECRET: SECRET }), url).to.deep.equal(['DATABASE_URL']);
      }
    });

    it('include ports that are no whole number up to 65535', () => {
      for (const port of [' ', '-1', '1.5', '0x50', '1e3', '65536', '25001 ', 'http']) {
        expect(wrongIn({ PORT: port }), `PORT='${port}'`).to.deep.equal(['PORT']);
      }
    });
  });
});

/** How a mistake in the file names its place. */
const inFile = (key: string): string => `config.yaml: ${key}`;

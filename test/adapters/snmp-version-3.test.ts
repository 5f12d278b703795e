import { expect } from 'chai';
import { AuthProtocols, PrivProtocols, SecurityLevel, type User } from 'net-snmp';
import type { PduAddress, PduCredentials, SnmpAuthProtocol, SnmpPrivProtocol } from '../../application/index.js';
import { WRITE_COMMUNITY, type FixturePdu } from '../support/fixture-pdu.js';
import { fixturePdu } from '../support/pdu-families.js';
import { addressOf, impatientLinks } from '../support/pdu-links.js';
import { privateSnmpd, type PrivateSnmpd } from '../support/private-snmpd.js';
import { refusal } from '../contracts/refusal.js';
import { snmpget, withSnmpTools } from '../support/snmp-tools.js';

const ROOT = '1.3.6.1.4.1.13742.6';
const STATE_OF_1 = `${ROOT}.4.1.2.1.3.1.1`;
const AUTH_KEY = 'the-auth-key-1';
const PRIV_KEY = 'the-priv-key-1';
const AUTH: readonly SnmpAuthProtocol[] = ['MD5', 'SHA', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'];
const PRIV: readonly SnmpPrivProtocol[] = ['AES', 'AES-256', 'AES-256-C'];

const authPriv = (
  user: string,
  authProtocol: SnmpAuthProtocol,
  privProtocol: SnmpPrivProtocol,
  keys: { authKey?: string; privKey?: string } = {},
): PduCredentials => ({
  version: '3',
  user,
  level: 'authPriv',
  authProtocol,
  authKey: keys.authKey ?? AUTH_KEY,
  privProtocol,
  privKey: keys.privKey ?? PRIV_KEY,
});

const nameOf = (auth: SnmpAuthProtocol, priv: SnmpPrivProtocol): string => `${auth}.${priv}`.toLowerCase();

withSnmpTools('SNMP 3 with Debian’s snmpd in front of the PDU', () => {
  /** What snmpd can be told to create; AES-256-C is not among it in Debian's build. */
  const pairs = AUTH.flatMap((auth) => (['AES', 'AES-256'] as const).map((priv) => [auth, priv] as const));
  let pdu: FixturePdu;
  let snmpd: PrivateSnmpd;

  before(async function () {
    this.timeout(30_000);
    pdu = await fixturePdu('raritan-pdu2').start();
    snmpd = await privateSnmpd({ port: pdu.port, community: WRITE_COMMUNITY, root: ROOT }, [
      ...pairs.flatMap(([auth, priv]) => [
        `createUser ${nameOf(auth, priv)} ${auth} ${AUTH_KEY} ${priv} ${PRIV_KEY}`,
        `rwuser ${nameOf(auth, priv)} priv`,
      ]),
      `createUser signed SHA-256 ${AUTH_KEY}`,
      'rwuser signed auth',
      `createUser reader SHA-256 ${AUTH_KEY} AES ${PRIV_KEY}`,
      'rouser reader priv',
    ]);
  });
  after(async () => {
    await snmpd.stop();
    pdu.stop();
  });

  const at = (credentials: PduCredentials): PduAddress => addressOf(snmpd.port, { credentials });
  const refused = async (credentials: PduCredentials, code: string): Promise<void> => {
    const link = impatientLinks().open(at(credentials));
    const problem = await refusal(link.read());
    expect(problem).to.include({ kind: 'unavailable', code });
    for (const key of [AUTH_KEY, PRIV_KEY, 'another-key-1']) expect(problem.message).not.to.include(key);
    link.close();
  };

  for (const [auth, priv] of pairs)
    it(`reads and switches with ${auth} and ${priv}`, async () => {
      const link = impatientLinks().open(at(authPriv(nameOf(auth, priv), auth, priv)));
      const executed = pdu.executed.length;
      expect((await link.read()).outlets).to.have.length(8);
      const to = (await link.outlet(1)).state === 'on' ? 'off' : 'on';
      await link.set(1, to);
      expect(pdu.executed).to.have.length(executed + 1);
      expect((await link.outlet(1)).state).to.equal(to);
      link.close();
    });

  it('sees what snmpget sees with the same user', async () => {
    const link = impatientLinks().open(at(authPriv('sha-256.aes', 'SHA-256', 'AES')));
    const who = [
      '-v3',
      '-l',
      'authPriv',
      '-u',
      'sha-256.aes',
      '-a',
      'SHA-256',
      '-A',
      AUTH_KEY,
      '-x',
      'AES',
      '-X',
      PRIV_KEY,
    ];
    await link.set(1, 'off');
    expect(await snmpget(snmpd.port, who, STATE_OF_1)).to.equal('8');
    await link.set(1, 'on');
    expect(await snmpget(snmpd.port, who, STATE_OF_1)).to.equal('7');
    link.close();
  });

  it('reads and switches with a signature alone', async () => {
    const link = impatientLinks().open(
      at({ version: '3', user: 'signed', level: 'authNoPriv', authProtocol: 'SHA-256', authKey: AUTH_KEY }),
    );
    await link.set(2, 'off');
    expect((await link.outlet(2)).state).to.equal('off');
    link.close();
  });

  it('says that a user, a key or a level is wrong where the PDU says so', async () => {
    await refused(authPriv('nobody', 'SHA-256', 'AES'), 'pdu.refused');
    await refused(authPriv('sha-256.aes', 'SHA-256', 'AES', { authKey: 'another-key-1' }), 'pdu.refused');
    await refused(authPriv('sha-256.aes', 'SHA-512', 'AES'), 'pdu.refused');
    await refused(
      { version: '3', user: 'sha-256.aes', level: 'authNoPriv', authProtocol: 'SHA-256', authKey: AUTH_KEY },
      'pdu.refused',
    );
    await refused({ version: '3', user: 'sha-256.aes', level: 'noAuthNoPriv' }, 'pdu.refused');
  });

  it('says that nothing answers when the privacy key is wrong, and names the key among the causes', async () => {
    await refused(authPriv('sha-256.aes', 'SHA-256', 'AES', { privKey: 'another-key-1' }), 'pdu.unreachable');
    const link = impatientLinks().open(at(authPriv('sha.aes-256', 'SHA', 'AES-256-C')));
    expect((await refusal(link.identify())).message).to.include('privacy key');
    link.close();
  });

  it('reads as a user who may only read, and orders nothing that is carried out', async () => {
    const link = impatientLinks().open(at(authPriv('reader', 'SHA-256', 'AES')));
    const executed = pdu.executed.length;
    expect((await link.read()).outlets).to.have.length(8);
    expect(await refusal(link.set(1, 'off'))).to.include({ code: 'pdu.refused' });
    expect(pdu.executed).to.have.length(executed);
    link.close();
  });

  it('goes on with a PDU that was started again, with one order for one call', async function () {
    this.timeout(30_000);
    const link = impatientLinks().open(at(authPriv('sha-512.aes-256', 'SHA-512', 'AES-256')));
    await link.set(1, 'off');
    await snmpd.restart();
    const executed = pdu.executed.length;
    await link.set(1, 'on');
    expect(pdu.executed).to.have.length(executed + 1);
    expect((await link.outlet(1)).state).to.equal('on');
    link.close();
  });
});

describe('SNMP 3 with every protocol that there is', () => {
  const AUTH_OF = [
    AuthProtocols.md5,
    AuthProtocols.sha,
    AuthProtocols.sha224,
    AuthProtocols.sha256,
    AuthProtocols.sha384,
    AuthProtocols.sha512,
  ];
  const PRIV_OF = [PrivProtocols.aes, PrivProtocols.aes256b, PrivProtocols.aes256r];
  const users = AUTH.flatMap((auth, a) =>
    PRIV.map((priv, p): User => ({
      name: nameOf(auth, priv),
      level: SecurityLevel.authPriv,
      authProtocol: AUTH_OF[a]!,
      authKey: AUTH_KEY,
      privProtocol: PRIV_OF[p]!,
      privKey: PRIV_KEY,
    })),
  );
  let pdu: FixturePdu;
  before(async () => {
    const access = { users, writers: users.map(({ name }) => name) };
    pdu = await fixturePdu('apc-rpdu2', { access }).start();
  });
  after(() => pdu.stop());

  for (const auth of AUTH)
    for (const priv of PRIV)
      it(`switches with ${auth} and ${priv}`, async () => {
        const executed = pdu.executed.length;
        const credentials = authPriv(nameOf(auth, priv), auth, priv);
        const link = impatientLinks().open(addressOf(pdu.port, { credentials }));
        await link.set(3, 'on');
        expect((await link.outlet(3)).state).to.equal('on');
        expect(pdu.executed).to.have.length(executed + 1);
        link.close();
      });

  it('refuses keys that are too short before anything is sent', () => {
    const credentials = authPriv('somebody', 'SHA', 'AES', { privKey: 'short' });
    expect(() => impatientLinks().open(addressOf(pdu.port, { credentials }))).to.throw('at least 8 characters');
  });
});

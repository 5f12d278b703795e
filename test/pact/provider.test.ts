import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PACTS } from './consumer/pact-of.js';
import { PROVIDER } from './pact.js';
import { brokerStub } from './provider/broker-stub.js';
import { Provider } from './provider/provider.js';
import type { Sources } from './provider/sources.js';
import { STAGES } from './provider/stage.js';
import { verify, type Verdict } from './provider/verify.js';
import { verifyAll } from './provider/verify-all.js';
import { providerStates } from './states/index.js';

/** An interaction as somebody writes it by hand. */
const interaction = (description: string, reply: object, more: object = {}) => ({
  ...{ type: 'Synchronous/HTTP', description, request: { method: 'GET', path: '/health' } },
  response: {
    status: 200,
    headers: { 'Content-Type': ['application/json'] },
    body: { content: reply, contentType: 'application/json', encoded: false },
  },
  ...more,
});

const pactWith = (...interactions: object[]) => ({
  ...{ consumer: { name: 'a-team' }, provider: { name: PROVIDER }, interactions },
  metadata: { pactSpecification: { version: '4.0' } },
});

const UP = interaction('is it up?', { status: 'ok' });
const NEED = interaction('who is on duty?', { on_duty: 'grace' }, { request: { method: 'GET', path: '/api/on-duty' } });

/** Answers as the lab does, after `change` has been at the reply. */
const changing =
  (change: (reply: unknown) => void) =>
  (lab: RequestListener): RequestListener =>
  (request, response) => {
    const end = response.end.bind(response) as (text: string) => typeof response;
    response.end = ((text: Buffer | string) => {
      const reply = JSON.parse(text.toString()) as unknown;
      change(reply);
      const changed = JSON.stringify(reply);
      response.setHeader('Content-Length', Buffer.byteLength(changed));
      return end(changed);
    }) as typeof response.end;
    lab(request, response);
  };

describe('the pacts', () => {
  const held = async (sources: Sources, open = STAGES.memory, front?: Parameters<typeof Provider.start>[1]) => {
    const provider = await Provider.start(open, front);
    try {
      return await verify(provider, sources);
    } finally {
      await provider.close();
    }
  };
  const expectKept = ({ ok, text }: Verdict) => {
    expect(ok, text).to.equal(true);
  };
  const expectBroken = ({ ok, text }: Verdict, ...why: (string | RegExp)[]) => {
    expect(ok, text).to.equal(false);
    for (const reason of why) {
      if (typeof reason === 'string') expect(text).to.contain(reason);
      else expect(text).to.match(reason);
    }
  };

  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-a-team-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  /** Where a consumer team has put its pact. */
  const folderWith = async (...interactions: object[]): Promise<Sources> => {
    await writeFile(path.join(folder, 'a-team.json'), JSON.stringify(pactWith(...interactions)));
    return { pactUrls: [folder] };
  };

  it('are kept by a lab in memory', async () => {
    expectKept(await held({ pactUrls: [PACTS] }));
  }).timeout(120_000);

  it('are kept by a lab in SQLite: those of the monitor here, all with npm run pact:verify', async () => {
    expectKept(await held({ pactUrls: [path.join(PACTS, `lab-monitor-${PROVIDER}.json`)] }, STAGES.SQLite));
  }).timeout(60_000);

  it('are broken when a reply loses a field that somebody reads', async () => {
    const file = path.join(PACTS, `scheduler-frontend-${PROVIDER}.json`);
    const { interactions } = JSON.parse(await readFile(file, 'utf8')) as { interactions: { description: string }[] };
    const week = 'a week of bookings';
    const sources = await folderWith(...interactions.filter(({ description }) => description === week));
    const without = changing((bookings) => {
      for (const booking of bookings as Record<string, unknown>[]) delete booking.owner_username;
    });
    expectBroken(await held(sources, STAGES.memory, without), week, 'missing the following keys: owner_username');
    const asItIs = changing(() => undefined);
    expectKept(await held(sources, STAGES.memory, asItIs));
  }).timeout(60_000);

  it('are broken by a need that the lab does not serve yet, and kept once it does', async () => {
    const sources = await folderWith(UP, NEED);
    expectBroken(await held(sources), 'who is on duty?', /has status code 200 \(FAILED\)/);
    const serving =
      (lab: RequestListener): RequestListener =>
      (request, response) => {
        if (request.url !== '/api/on-duty') lab(request, response);
        else response.writeHead(200, { 'content-type': 'application/json' }).end('{"on_duty":"grace"}');
      };
    expectKept(await held(sources, STAGES.memory, serving));
  }).timeout(60_000);

  it('are broken by what the provider cannot prepare, and it says why', async () => {
    const given = (description: string, name: string, params: object = {}) =>
      interaction(description, { status: 'ok' }, { providerStates: [{ name, params }] });
    const message = {
      ...{ type: 'Asynchronous/Messages', description: 'a message that nothing sends', metadata: { event: 'x' } },
      contents: { content: { type: 'x' }, contentType: 'application/json', encoded: false },
      providerStates: [
        { name: 'there is an account', params: { username: 'alice' } },
        { name: 'there is a device' },
        { name: 'somebody watches the live stream', params: { event: 'power.changed' } },
        { name: 'somebody has booked' },
      ],
    };
    expectBroken(
      await held(
        await folderWith(
          UP,
          given('a state that nobody knows', 'the moon is full'),
          given('a parameter that nobody knows', 'there is a device', { colour: 'red' }),
          given('a thing that is not there', 'somebody has booked'),
          message,
        ),
      ),
      ...providerStates.map(({ name }) => name),
      "openlab: a-team at 'the moon is full': unknown provider state 'the moon is full'. Known: somebody is signed in; ",
      /openlab: a-team at 'there is a device': parameters of 'there is a device': .*"colour"/,
      "openlab: a-team at 'somebody has booked': there is no device 'ROADM 1', only: none",
      "openlab: a-team at 'somebody has booked': the stream sent no power.changed, only: booking.created",
      /is it up\? \(.*\) OK/,
      'NOT KEPT: a-team: given the moon is full - a state that nobody knows: ',
    );
    const { text } = await held(await folderWith(UP, given('a state that nobody knows', 'the moon is full')));
    expect(text.match(/unknown provider state/g), 'complaints, once each').to.have.length(1);
    expect(text.trimEnd().split('\n').at(-1)).to.match(/^NOT KEPT: /);
    expect(text).not.to.contain('has status code');
  }).timeout(60_000);

  it('are not broken by a pending need whose state nobody knows, and it says so', async () => {
    const given = (more: object = {}) =>
      interaction('who looks up?', { status: 'ok' }, { providerStates: [{ name: 'the moon is full' }], ...more });
    const wish = await held(await folderWith(UP, given({ pending: true })));
    expectKept(wish);
    expect(wish.pending).to.equal(1);
    expect(wish.text).to.contain("openlab: a-team at 'the moon is full': unknown provider state");
    const message = {
      ...{ type: 'Asynchronous/Messages', description: 'an eclipse', metadata: { event: 'x' }, pending: true },
      contents: { content: { type: 'x' }, contentType: 'application/json', encoded: false },
    };
    const unheard = await held(await folderWith(UP, message));
    expectKept(unheard);
    expect(unheard.pending).to.equal(1);
    expectBroken(
      await held(await folderWith(given({ pending: true }), { ...given(), description: 'who looks up now?' })),
      'who looks up now?',
    );
  }).timeout(60_000);

  it('are broken by a session of somebody who is not signed in, and it says who is', async () => {
    const asking = (description: string, cookie: string) =>
      interaction(
        description,
        { authenticated: true },
        {
          request: { method: 'GET', path: '/api/auth/me', headers: { Cookie: [cookie] } },
          providerStates: [{ name: 'somebody is signed in', params: { username: 'zoe' } }],
        },
      );
    const wrong = await held(await folderWith(asking('who am I?', 'session_id=zeo')));
    expectBroken(wrong, "nobody called 'zeo' is signed in, only: zoe");
    const among = ['theme=dark; session_id=zoe', 'session_id=zoe; lang="en"', 'session_id="zoe"'];
    expectKept(await held(await folderWith(...among.map((cookie, n) => asking(`who am I? ${n}`, cookie)))));
  }).timeout(60_000);

  describe('of other teams', () => {
    const printed: string[] = [];
    const run = (environment: Record<string, string>) => {
      printed.length = 0;
      return verifyAll(environment, folder, { memory: STAGES.memory }, (text) => printed.push(text));
    };

    it('are taken from a folder', async () => {
      const theirs = await mkdtemp(path.join(tmpdir(), 'openlab-b-team-'));
      try {
        await folderWith(UP);
        const empty = await run({ PACT_DIR: theirs }).catch((error: unknown) => error);
        expect(empty).to.have.property('message', `no pacts in ${theirs}`);
        await writeFile(path.join(theirs, 'wish.json'), JSON.stringify(pactWith({ ...NEED, pending: true })));
        expect(await run({ PACT_DIR: path.join(theirs, 'wish.json') }), printed.join('\n')).to.equal(true);
        expect(printed.at(-1)).to.match(/== The lab in memory keeps the pacts; 1 pending need not served\.$/);
        // As libraries of the third specification write it.
        const pact = {
          ...{ consumer: { name: 'b-team' }, provider: { name: PROVIDER } },
          interactions: [
            {
              ...{ description: 'who is on duty?', request: { method: 'GET', path: '/api/on-duty' } },
              response: { status: 200, body: { on_duty: 'grace' } },
            },
          ],
          metadata: { pactSpecification: { version: '3.0.0' } },
        };
        await writeFile(path.join(theirs, 'pact.json'), JSON.stringify(pact));
        expect(await run({ PACT_DIR: theirs })).to.equal(false);
        expect(printed.at(-1)).to.match(/is it up\?[^]+who is on duty\?[^]+== The lab in memory BREAKS A PACT/);
      } finally {
        await rm(theirs, { recursive: true });
      }
    }).timeout(60_000);

    it('are told of at length when that is asked', async () => {
      await folderWith(UP);
      await run({});
      expect(printed.at(-1)).not.to.contain('has status code');
      await run({ PACT_VERBOSE: 'true' });
      expect(printed.at(-1)).to.match(/is it up\?[^]+has status code 200 \(OK\)/);
    }).timeout(60_000);

    it('are taken from a broker, which is told how it went when that is asked', async () => {
      await folderWith(UP);
      const broker = await brokerStub(pactWith(UP), 'the token');
      try {
        const asking = {
          ...{ PACT_BROKER_BASE_URL: broker.url, PACT_BROKER_TOKEN: 'the token', PACT_PROVIDER_BRANCH: 'main' },
        };
        expect(await run(asking), printed.join('\n')).to.equal(true);
        expect(broker.asked[0]).to.include({ providerVersionBranch: 'main' });
        expect(broker.asked[0]?.consumerVersionSelectors).to.deep.include({ deployedOrReleased: true });
        expect(broker.published).to.deep.equal([]);
        const telling = { ...asking, PACT_PUBLISH: 'true', PACT_PROVIDER_VERSION: '1.2.3' };
        broker.takesResults = false;
        expect(await run(telling), 'a result that could not be published').to.equal(false);
        Object.assign(broker, { takesResults: true, pact: pactWith(UP, NEED) });
        expect(await run(telling)).to.equal(false);
        expect(printed.at(-1)).to.contain('who is on duty?');
        expect(broker.published).to.have.length(1);
        expect(broker.published[0]).to.include({ success: false, providerApplicationVersion: '1.2.3' });
        expect(broker.refused).to.deep.equal([]);
      } finally {
        broker.close();
      }
    }).timeout(60_000);

    it('are not looked for at a broker that refuses the token, is down or is something else', async () => {
      await folderWith(UP);
      const refusal = async (environment: Record<string, string>): Promise<unknown> => {
        const refused: unknown = await run(environment).catch((error: unknown) => error);
        return refused instanceof Error ? refused.message : refused;
      };
      const broker = await brokerStub(pactWith(UP), 'the token');
      const PACT_BROKER_BASE_URL = broker.url;
      try {
        expect(await refusal({ PACT_BROKER_BASE_URL, PACT_BROKER_TOKEN: 'another token' })).to.equal(
          `the broker at ${broker.url} refuses PACT_BROKER_TOKEN: 401`,
        );
        expect(await refusal({ PACT_BROKER_BASE_URL })).to.equal(
          `the broker at ${broker.url} wants PACT_BROKER_TOKEN: 401`,
        );
        expect(broker.refused).to.deep.equal(['GET /', 'GET /']);
        const elsewhere = { PACT_BROKER_BASE_URL: `${broker.url}/elsewhere`, PACT_BROKER_TOKEN: 'the token' };
        expect(await refusal(elsewhere)).to.equal(`the broker at ${broker.url}/elsewhere answers with 404`);
        broker.links = false;
        expect(await refusal({ PACT_BROKER_BASE_URL, PACT_BROKER_TOKEN: 'the token' })).to.equal(
          `what answers at ${broker.url} is no Pact broker: it has no link pb:provider-pacts-for-verification`,
        );
      } finally {
        broker.close();
      }
      expect(await refusal({ PACT_BROKER_BASE_URL })).to.match(/^the broker at .* does not answer: .*ECONNREFUSED/);
      expect(printed).to.deep.equal([]);
    }).timeout(60_000);

    it('are not looked for with settings that mean nothing', async () => {
      for (const [environment, why] of [
        [{ PACT_BROKER_BASE_URL: 'broker' }, /PACT_BROKER_BASE_URL/],
        [{ PACT_BROKER_TOKEN: 'the token' }, /PACT_BROKER_TOKEN needs PACT_BROKER_BASE_URL/],
        [{ PACT_PROVIDER_BRANCH: 'main' }, /PACT_PROVIDER_BRANCH needs PACT_BROKER_BASE_URL/],
        [{ PACT_VERBOSE: 'very' }, /PACT_VERBOSE/],
        [{ PACT_PUBLISH: 'perhaps' }, /PACT_PUBLISH/],
        [{ PACT_PUBLISH: 'true' }, /PACT_PUBLISH needs PACT_BROKER_BASE_URL/],
        [{ PACT_PUBLISH: 'true', PACT_BROKER_BASE_URL: 'http://broker.example' }, /needs PACT_PROVIDER_VERSION/],
      ] as const) {
        const refused: unknown = await run(environment).catch((error: unknown) => error);
        expect(refused).to.be.instanceOf(Error).with.property('message').that.matches(why);
      }
    });
  });
});

import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import supertest, { type Response } from 'supertest';
import { DiskFileVault } from '../../../adapters/files/disk-file-vault.js';
import { logging, files, system, cryptography } from '../../../composition/adapters.js';
import { compose, type Lab } from '../../../composition/compose.js';
import { DAY, HOUR } from '../../../domain/index.js';
import { serve } from '../../../adapters/http/serve.js';
import { storyOf } from '../../support/assets.js';
import { cookieAfter } from '../../support/cookies.js';
import { aDevice } from '../../support/devices.js';
import { eventually } from '../../support/eventually.js';
import { usualConfig, usualHttpSettings } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, PASSWORD, signedIn, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { everyStore } from '../../support/stores.js';

interface Paper {
  readonly id: number;
  readonly file_name: string;
  readonly mime_type: string;
  readonly size_bytes: number;
}

const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(3000, 7)]);
const nothing = async function* (): AsyncGenerator<Uint8Array> {
  yield Buffer.from('nobody knows why');
};

const MEGABYTE = 1024 * 1024;

everyStore('the papers of a device', (open) => {
  let folder: string;
  let lab: Lab;
  let server: ReturnType<typeof serve>;
  let admin: Agent;
  let ada: Agent;
  const clock = new ManualClock(Date.now());
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'openlab-papers-'));
    const { types } = usualConfig.inventory.attachments;
    lab = compose(
      { ...usualConfig, inventory: { attachments: { maxMegabytes: 1, types } } },
      {
        persistence: (await open()).persistence,
        system: system(clock),
        cryptography: cryptography(4),
        logging: logging('silent'),
        files: files(folder),
      },
    );
    server = serve(lab.http(usualHttpSettings)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    admin = await administrator(lab, server);
    ada = await signedIn(server, 'ada');
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });

  const of = (deviceId: number) => `/api/inventory/devices/${deviceId}/attachments`;
  const upload = (deviceId: number, content: Buffer, name = 'manual.pdf') =>
    admin.post(of(deviceId)).attach('file', content, name);
  const listed = async (deviceId: number): Promise<Paper[]> =>
    (await ada.get(of(deviceId)).expect(200)).body as Paper[];
  const download = (id: number, agent = ada): PromiseLike<Response> =>
    agent
      .get(`/api/inventory/attachments/${id}/download`)
      .buffer(true)
      .parse((reply, done) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('end', () => {
          done(null, Buffer.concat(chunks));
        });
      });

  it('are uploaded, listed, read by everybody who is signed in, and removed', async () => {
    const device = await aDevice(lab);
    const { body } = await upload(device, PDF, 'Manual Ω.pdf').expect(200);
    expect(body).to.include({ id: device, version: 2 });
    const papers = await listed(device);
    expect(body.attachments).to.deep.equal(papers);
    expect(papers).to.have.length(1);
    const [paper] = papers as [Paper];
    expect(paper).to.include({
      ...{ file_name: 'Manual Ω.pdf', file_type: 'pdf', mime_type: 'application/pdf', size_bytes: PDF.length },
      ...{ uploaded_by: 'root' },
    });
    const reply = await download(paper.id);
    expect(reply.body).to.deep.equal(PDF);
    expect(reply.headers).to.include({
      'content-type': 'application/pdf',
      'content-length': String(PDF.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
    });
    expect(reply.get('content-disposition')).to.match(
      /^attachment; filename="Manual \?\.pdf"; filename\*=UTF-8''Manual%20%CE%A9\.pdf$/,
    );
    await ada.delete(`/api/inventory/attachments/${paper.id}`).expect(problem(403, 'permission.denied'));
    await admin.delete(`/api/inventory/attachments/${paper.id}`).expect(204);
    await ada.get(`/api/inventory/attachments/${paper.id}/download`).expect(problem(404, 'attachment.not-found'));
    await admin.delete(`/api/inventory/attachments/${paper.id}`).expect(problem(404, 'attachment.not-found'));
    expect(await listed(device)).to.deep.equal([]);
    expect(await readdir(folder)).to.deep.equal([]);
    expect(await storyOf(ada, device)).to.deep.equal([
      'created',
      'attachment_added attachments: - -> Manual Ω.pdf',
      'attachment_removed attachments: Manual Ω.pdf -> -',
    ]);
  });

  it('are kept apart though they have one name, and go with their device', async () => {
    const device = await aDevice(lab);
    await Promise.all([upload(device, Buffer.from('one'), 'a.txt'), upload(device, Buffer.from('two'), 'a.txt')]);
    const contents = [];
    for (const { id } of await listed(device)) contents.push(String((await download(id)).body));
    expect(contents.sort()).to.deep.equal(['one', 'two']);
    await admin.delete(`/api/inventory/devices/${device}`).expect(204);
    await ada.get(of(device)).expect(problem(404, 'device.not-found'));
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('need a session, and the right to change devices', async () => {
    const device = await aDevice(lab);
    await supertest(server).post(of(device)).attach('file', PDF, 'a.pdf').expect(problem(401, 'session.required'));
    await supertest(server).get(of(device)).expect(problem(401));
    await supertest(server).get('/api/inventory/attachments/1/download').expect(problem(401));
    await ada.post(of(device)).attach('file', PDF, 'a.pdf').expect(problem(403, 'permission.denied'));
    await admin.post(of(99_999)).attach('file', PDF, 'a.pdf').expect(problem(404, 'device.not-found'));
    expect(await readdir(folder)).to.deep.equal([]);
  });

  const names: readonly (readonly [string, string])[] = [
    ['../../evil.txt', 'evil.txt'],
    ['..\\..\\evil.txt', 'evil.txt'],
    ['/etc/passwd', 'passwd'],
    ['..', 'unnamed'],
    ['a/', 'unnamed'],
    ['evil\u202etxt.exe', 'eviltxt.exe'],
    [`${'x'.repeat(300)}.txt`, `${'x'.repeat(251)}.txt`],
  ];
  for (const [given, kept] of names) {
    it(`have names that are labels and never paths: ${given.slice(0, 40)}`, async () => {
      const device = await aDevice(lab);
      const boundary = 'paper';
      const body = [
        `--${boundary}`,
        `Content-Disposition: form-data; name="file"; filename="${given.replaceAll('\\', '\\\\')}"`,
        'Content-Type: application/x-whatever',
        '',
        'text',
        `--${boundary}--`,
        '',
      ].join('\r\n');
      await admin
        .post(of(device))
        .set('Content-Type', `multipart/form-data; boundary=${boundary}`)
        .send(body)
        .expect(200);
      expect((await listed(device)).map(({ file_name }) => file_name)).to.deep.equal([kept]);
      await admin.delete(`/api/inventory/devices/${device}`).expect(204);
    });
  }

  it('are taken for what their content is, whatever they are called', async () => {
    const device = await aDevice(lab);
    await upload(
      device,
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      'a.png',
    ).expect(200);
    const [paper] = (await listed(device)) as [Paper];
    expect(paper.mime_type).to.equal('image/svg+xml');
    const { headers } = await download(paper.id);
    expect(headers['content-security-policy']).to.equal("default-src 'none'; sandbox");
    expect(headers['content-disposition']).to.match(/^attachment/);
    await admin.delete(`/api/inventory/devices/${device}`).expect(204);
  });

  describe('are refused, and nothing is kept,', () => {
    let device: number;
    let before: number;
    beforeEach(async () => {
      device = await aDevice(lab);
      before = (await readdir(folder)).length;
    });
    afterEach(async () => {
      expect(await listed(device)).to.deep.equal([]);
      expect(await readdir(folder)).to.have.length(before);
      expect(await storyOf(ada, device)).to.deep.equal(['created']);
    });

    it('when they are empty', () => upload(device, Buffer.alloc(0), 'a.txt').expect(problem(400, 'attachment.empty')));

    it('when they are of a kind that is not wanted', async () => {
      const page = Buffer.from('<!doctype html><script>alert(1)</script>');
      await upload(device, page, 'a.pdf').expect(
        problem(400, 'attachment.type', /^The file is text\/html\. Allowed: /),
      );
      await upload(device, Buffer.from('7f454c4602010100', 'hex'), 'a.txt').expect(problem(400, 'attachment.type'));
      await upload(device, Buffer.from([0, 1, 2]), 'a.txt').expect(problem(400, 'attachment.type'));
    });

    it('when there is none, or no form', async () => {
      const unreadable = problem(422, 'attachment.unreadable');
      await admin.post(of(device)).attach('other', PDF, 'a.pdf').expect(unreadable);
      await admin.post(of(device)).field('file', 'text').expect(unreadable);
      await admin.post(of(device)).expect(unreadable);
      await admin.post(of(device)).send({ file: 'x' }).expect(unreadable);
      for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x', 'multipart/form-data; boundary=']) {
        await admin.post(of(device)).set('Content-Type', type).send('garbage').expect(unreadable);
      }
    });

    it('when they are a hundred megabytes, which the request says itself or not', async function () {
      this.timeout(60_000);
      const cookie = cookieAfter(
        await supertest(server).post('/login').send({ username: 'root', password: PASSWORD }).expect(200),
      );
      const { port } = server.address() as AddressInfo;
      const send = (announced: boolean): Promise<number> =>
        new Promise((resolve, reject) => {
          const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
          const chunk = Buffer.alloc(MEGABYTE, 'a');
          const sending = httpRequest({
            ...{ port, method: 'POST', path: of(device) },
            headers: {
              ...{ cookie, 'content-type': 'multipart/form-data; boundary=b' },
              ...(announced && { 'content-length': String(head.length + 100 * MEGABYTE + 9) }),
            },
          });
          sending.once('response', (reply) => {
            reply.resume();
            resolve(reply.statusCode ?? 0);
          });
          sending.once('error', reject);
          sending.write(head);
          let left = 100;
          const more = (): void => {
            while (left > 0) {
              left -= 1;
              if (!sending.write(chunk)) {
                sending.once('drain', more);
                return;
              }
            }
            sending.end('\r\n--b--\r\n');
          };
          more();
        });
      expect(await send(true)).to.equal(413);
      expect(await send(false)).to.equal(413);
      await upload(device, Buffer.alloc(MEGABYTE + 1, 'a'), 'a.txt').expect(problem(413, 'attachment.too-large'));
    });

    it('when they are cut off on their way', async () => {
      const cookie = cookieAfter(
        await supertest(server).post('/login').send({ username: 'root', password: PASSWORD }).expect(200),
      );
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(
        [
          `POST ${of(device)} HTTP/1.1`,
          'Host: lab',
          `Cookie: ${cookie}`,
          'Content-Type: multipart/form-data; boundary=b',
          'Content-Length: 900000',
          '',
          '--b',
          'Content-Disposition: form-data; name="file"; filename="a.txt"',
          '',
          'a'.repeat(300_000),
        ].join('\r\n'),
      );
      await eventually('the beginning of the file', async () =>
        (await readdir(folder)).some((name) => name.endsWith('.part')),
      );
      socket.destroy();
      await eventually('its end', async () => (await readdir(folder)).length === before);
    });

    it('when the form ends in the middle of the file', async () => {
      const body = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf a fi';
      await admin
        .post(of(device))
        .set('Content-Type', 'multipart/form-data; boundary=b')
        .send(body)
        .expect(problem(422, 'attachment.unreadable'));
    });
  });

  it('that have no row are swept when they are older than any upload, others never', async () => {
    const device = await aDevice(lab);
    await upload(device, PDF).expect(200);
    const [kept] = await readdir(folder);
    await new DiskFileVault(folder, clock).keep('orphan', nothing());
    await lab.keepPapers.sweep();
    expect(await readdir(folder)).to.have.members([kept, 'orphan']);
    clock.advance(HOUR + 1);
    await lab.keepPapers.sweep();
    expect(await readdir(folder)).to.deep.equal([kept]);
    clock.advance(DAY);
    await lab.keepPapers.sweep();
    const [paper] = (await listed(device)) as [Paper];
    expect((await download(paper.id)).body).to.deep.equal(PDF);
    await rm(path.join(folder, String(kept)));
    await ada.get(`/api/inventory/attachments/${paper.id}/download`).expect(problem(503, 'attachment.lost'));
  });
});

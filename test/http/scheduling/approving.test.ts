import { expect } from 'chai';
import { isoOf } from '../../../domain/index.js';
import { daysOf, dayOf } from '../../support/booking-forms.js';
import { aDevice, importDevices } from '../../support/devices.js';
import { booked, expectNoViolation, statusOf, userIdOf, writingNothing } from '../../support/groups.js';
import { forEveryStore, labOver, usualConfig, type LabConfig, type OpenLab } from '../../support/labs.js';
import { ManualClock } from '../../support/manual-clock.js';
import { administrator, signedIn, signedInAgain, somebodyWith, type Agent } from '../../support/people.js';
import { problem } from '../../support/problem.js';
import { onMariaDbStore, onSqliteFile } from '../../support/stores.js';

const DATE = '2026-11-25';

interface RecordReply {
  readonly booking_id: number;
  readonly status: string;
  readonly start_time: string;
}

const decide = (agent: Agent, id: number | undefined, status: string, more: object = {}) =>
  agent.put(`/admin/bookings/${id!}`).send({ status, ...more });

/** Books one device for each of them in turn, all of whom accept to contend. */
const contenders = async (device: number, ...agents: Agent[]): Promise<number[]> => {
  const ids: number[] = [];
  for (const agent of agents) ids.push((await booked(agent, daysOf(device, [DATE], {}, 'CONFLICTING'))).ids[0]!);
  return ids;
};

forEveryStore('approving', (openLab) => {
  let open: OpenLab;
  let ada: Agent;
  let bob: Agent;
  let kim: Agent;
  let vic: Agent;
  let root: Agent;

  before(async () => {
    open = await openLab();
    [ada, bob] = [await signedIn(open.app, 'ada'), await signedIn(open.app, 'bob')];
    root = await administrator(open.lab, open.app);
    kim = await somebodyWith(open.lab, open.app, 'Approver', 'kim');
    vic = await somebodyWith(open.lab, open.app, 'Viewer', 'vic');
  });
  afterEach(() => expectNoViolation(open.lab));

  const status = (id: number | undefined) => statusOf(open.lab, id!);
  const statuses = async (ids: readonly number[]) => {
    const found = [];
    for (const id of ids) found.push(await status(id));
    return found;
  };
  const one = async (agent: Agent = ada) => (await booked(agent, daysOf(await aDevice(open.lab), [DATE]))).ids[0]!;

  describe('one booking', () => {
    it('confirms or rejects it', async () => {
      const [yes, no] = [await one(), await one()];
      const { body } = await decide(kim, yes, 'CONFIRMED').expect(200);
      expect(body).to.deep.equal({ message: 'Booking status updated successfully' });
      await decide(kim, no, 'REJECTED', { comment: 'fibre is broken Ω' }).expect(200);
      expect(await statuses([yes, no])).to.deep.equal(['CONFIRMED', 'REJECTED']);
    });

    it('takes DECLINED as another word for REJECTED, in any letter case', async () => {
      for (const word of ['DECLINED', 'declined', ' Rejected ', 'rejected']) {
        const id = await one();
        await decide(kim, id, word).expect(200);
        expect(await status(id), word).to.equal('REJECTED');
      }
      const id = await one();
      await decide(kim, id, 'confirmed').expect(200);
      expect(await status(id)).to.equal('CONFIRMED');
    });

    it('refuses every other word', async () => {
      const id = await one();
      await writingNothing(open.store, async () => {
        for (const word of ['PENDING', 'CONFLICTING', 'CANCELLED', 'EXPIRED', 'APPROVED', 'BANANA', '', 'null']) {
          await decide(kim, id, word).expect(
            problem(400, 'booking.not-a-verdict', 'Invalid status. Allowed: CONFIRMED, REJECTED'),
          );
        }
        for (const form of [{}, { status: null }, { status: 17 }, { status: 'x'.repeat(21) }, []]) {
          await kim.put(`/admin/bookings/${id}`).send(form).expect(problem(422));
        }
        await decide(kim, 999_999, 'CONFIRMED').expect(problem(404, 'booking.not-found'));
      });
    });

    it('may take back a confirmation, but nothing leaves a terminal status', async () => {
      const id = await one();
      await decide(kim, id, 'CONFIRMED').expect(200);
      await writingNothing(open.store, () =>
        decide(kim, id, 'CONFIRMED').expect(problem(400, 'booking.decided', 'Already confirmed')),
      );
      await decide(kim, id, 'REJECTED', { comment: 'the laser died' }).expect(200);
      expect(await status(id)).to.equal('REJECTED');
      const cancelled = await one();
      await ada.put(`/bookings/${cancelled}/cancel`).expect(200);
      await writingNothing(open.store, async () => {
        await decide(kim, id, 'REJECTED').expect(problem(400, 'booking.decided', 'Already declined'));
        await decide(kim, id, 'CONFIRMED').expect(problem(400, 'booking.already-over', /rejected/));
        await decide(kim, cancelled, 'CONFIRMED').expect(problem(400, 'booking.already-over', /cancelled/));
        await decide(kim, cancelled, 'REJECTED').expect(problem(400, 'booking.already-over', /cancelled/));
        await ada.put(`/bookings/${id}/cancel`).expect(problem(400, 'booking.already-over'));
      });
    });

    it('writes an audit entry for each decision, and none for a refused one', async () => {
      const id = await one();
      const before = await open.store.auditEntries();
      await decide(kim, id, 'CONFIRMED').expect(200);
      expect(await open.store.auditEntries()).to.equal(before + 1);
      await decide(kim, id, 'CONFIRMED').expect(400);
      await decide(kim, id, 'REJECTED').expect(200);
      expect(await open.store.auditEntries()).to.equal(before + 2);
    });
  });

  describe('those who contend', () => {
    it('leaves a contender CONFLICTING when the other is confirmed, and PENDING when that goes away', async () => {
      for (const goAway of [
        (id: number) => decide(kim, id, 'REJECTED').expect(200),
        (id: number) => ada.put(`/bookings/${id}/cancel`).expect(200),
        (id: number) => root.delete(`/bookings/${id}`).expect(200),
      ]) {
        const [first, second] = (await contenders(await aDevice(open.lab), ada, bob)) as [number, number];
        expect(await statuses([first, second])).to.deep.equal(['PENDING', 'CONFLICTING']);
        await decide(kim, first, 'CONFIRMED').expect(200);
        expect(await status(second)).to.equal('CONFLICTING');
        await writingNothing(open.store, () =>
          decide(kim, second, 'CONFIRMED').expect(
            problem(
              409,
              'booking.taken',
              new RegExp(`already booked by ada, 2026-.* to .*: booking ${first} is confirmed`),
            ),
          ),
        );
        await goAway(first);
        expect(await status(second)).to.equal('PENDING');
        await decide(kim, second, 'CONFIRMED').expect(200);
      }
    });

    it('makes the earlier one CONFLICTING when the later is confirmed', async () => {
      const [first, second] = (await contenders(await aDevice(open.lab), ada, bob)) as [number, number];
      await decide(kim, second, 'CONFIRMED').expect(200);
      expect(await statuses([first, second])).to.deep.equal(['CONFLICTING', 'CONFIRMED']);
      await decide(kim, second, 'REJECTED').expect(200);
      expect(await statuses([first, second])).to.deep.equal(['PENDING', 'REJECTED']);
    });

    it('lets one win where several approvers confirm at once, and tells the others why', async () => {
      const device = await aDevice(open.lab);
      const ids = await contenders(device, ada, bob);
      const here = await Promise.all([signedInAgain(open.server, 'kim'), signedInAgain(open.server, 'root')]);
      const replies = await Promise.all(ids.map((id, index) => decide(here[index]!, id, 'CONFIRMED')));
      const [lost] = replies.filter((reply) => reply.status !== 200);
      expect(replies.map((reply) => reply.status).sort()).to.deep.equal([200, 409]);
      problem(409, 'booking.taken', /is confirmed/)(lost!);
      expect((await statuses(ids)).sort()).to.deep.equal(['CONFIRMED', 'CONFLICTING']);
    });
  });

  describe('several bookings', () => {
    const approve = (agent: Agent, booking_ids: unknown, more: object = {}) =>
      agent.post('/admin/v2/bookings/approve').send({ booking_ids, ...more });
    const decline = (agent: Agent, booking_ids: unknown) =>
      agent.post('/admin/v2/bookings/decline').send({ booking_ids });

    it('confirms what can be, once each, and says of each other one why not', async () => {
      const [first, second] = (await contenders(await aDevice(open.lab), ada, bob)) as [number, number];
      const [free, over, own] = [await one(), await one(), await one(kim)];
      await ada.put(`/bookings/${over}/cancel`).expect(200);
      const { body } = await approve(kim, [first, second, `${free}`, over, own, 999_999, first], {
        comment: 'go',
      }).expect(200);
      expect(body.succeeded).to.deep.equal([first, free]);
      expect(
        (body.failed as { id: number; code: string; reason: string }[]).map(({ id, code }) => [id, code]),
      ).to.deep.equal([
        [second, 'booking.taken'],
        [over, 'booking.already-over'],
        [own, 'approval.own-booking'],
        [999_999, 'booking.not-found'],
      ]);
      for (const { reason } of body.failed as { reason: string }[]) expect(reason).to.be.a('string').and.not.equal('');
      expect(await statuses([first, second, free, over, own])).to.deep.equal([
        'CONFIRMED',
        'CONFLICTING',
        'CONFIRMED',
        'CANCELLED',
        'PENDING',
      ]);
    });

    it('rejects several, and settles those who contended', async () => {
      const [first, second] = (await contenders(await aDevice(open.lab), ada, bob)) as [number, number];
      const { body } = await decline(kim, [first]).expect(200);
      expect(body).to.deep.equal({ succeeded: [first], failed: [] });
      expect(await statuses([first, second])).to.deep.equal(['REJECTED', 'PENDING']);
      const again = await decline(kim, [first, second]).expect(200);
      expect(again.body.succeeded).to.deep.equal([second]);
      expect(again.body.failed).to.deep.equal([{ id: first, reason: 'Already declined', code: 'booking.decided' }]);
    });

    it('resolves a contention in one go, in the order given', async () => {
      const [first, second] = (await contenders(await aDevice(open.lab), ada, bob)) as [number, number];
      const { body } = await kim
        .post('/admin/v2/bookings/conflicts/resolve')
        .send({
          resolution: [
            { booking_id: first, status: 'declined', comment: 'next time' },
            { booking_id: second, status: 'CONFIRMED' },
          ],
          audit_message: 'coin toss',
        })
        .expect(200);
      expect(body).to.deep.equal({ succeeded: [first, second], failed: [] });
      const kept = JSON.stringify(await open.store.rows());
      for (const comment of ['next time', 'coin toss']) expect(kept).to.include(comment);
      expect(await statuses([first, second])).to.deep.equal(['REJECTED', 'CONFIRMED']);
    });

    it('refuses to decide about nothing, and what makes no sense', async () => {
      const id = await one();
      await writingNothing(open.store, async () => {
        for (const path of ['approve', 'decline']) {
          const url = `/admin/v2/bookings/${path}`;
          await kim
            .post(url)
            .send({ booking_ids: [] })
            .expect(problem(400, 'booking.no-items', 'No booking IDs provided'));
          for (const form of [
            {},
            { booking_ids: 'all' },
            { booking_ids: [null] },
            { booking_ids: [id], comment: 17 },
          ]) {
            await kim.post(url).send(form).expect(problem(422));
          }
        }
        const url = '/admin/v2/bookings/conflicts/resolve';
        await kim.post(url).send({ resolution: [] }).expect(problem(400, 'booking.no-items'));
        await kim
          .post(url)
          .send({ resolution: [{ booking_id: id, status: 'PENDING' }] })
          .expect(problem(400, 'booking.not-a-verdict'));
      });
    });

    it('confirms a hundred in one call', async () => {
      const devices = await importDevices(
        open.lab,
        Array.from({ length: 20 }, () => ({})),
      );
      const dates = ['2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05'];
      const { ids } = await booked(ada, { bookings: devices.flatMap((device) => daysOf(device, dates).bookings) });
      const { body } = await approve(kim, ids).expect(200);
      expect(body).to.deep.equal({ succeeded: ids, failed: [] });
      expect(new Set(await statuses(ids))).to.deep.equal(new Set(['CONFIRMED']));
    });
  });

  describe('as to who may', () => {
    it('is for holders of bookings:write only', async () => {
      const id = await one();
      await writingNothing(open.store, async () => {
        for (const agent of [ada, bob, vic]) {
          await decide(agent, id, 'CONFIRMED').expect(problem(403, 'permission.denied'));
          for (const path of ['approve', 'decline']) {
            const url = `/admin/v2/bookings/${path}`;
            await agent
              .post(url)
              .send({ booking_ids: [id] })
              .expect(problem(403, 'permission.denied'));
          }
          await agent
            .post('/admin/v2/bookings/conflicts/resolve')
            .send({ resolution: [{ booking_id: id, status: 'CONFIRMED' }] })
            .expect(problem(403, 'permission.denied'));
          await agent.get('/admin/bookings/pending').expect(problem(403, 'permission.denied'));
        }
        await ada.get('/admin/bookings/all').expect(problem(403, 'permission.denied'));
      });
      await vic.get('/admin/bookings/all').expect(200);
    });

    it('is not for approvers about their own, but for administrators', async () => {
      const [his, hers] = [await one(kim), await one(root)];
      await writingNothing(open.store, async () => {
        for (const word of ['CONFIRMED', 'REJECTED']) {
          await decide(kim, his, word).expect(problem(403, 'approval.own-booking'));
        }
      });
      await decide(root, hers, 'CONFIRMED').expect(200);
      await decide(root, his, 'CONFIRMED').expect(200);
    });
  });

  describe('what came up since it was asked for', () => {
    const form = (status: string, name: string) => ({
      ...{ deviceType: 'ROADM', deviceName: name, status, In_Port: 0, Out_Port: 0 },
    });

    it('keeps a device that is not active from being confirmed', async () => {
      const device = await aDevice(open.lab, { name: 'Ageing' });
      const { ids } = await booked(ada, daysOf(device, [DATE]));
      for (const word of ['Maintenance', 'Unavailable', 'retired']) {
        await root.put(`/admin/devices/${device}`).send(form(word, 'Ageing')).expect(200);
        await writingNothing(open.store, () =>
          decide(kim, ids[0], 'CONFIRMED').expect(
            problem(409, 'booking.device-unavailable', /^Ageing cannot be booked: its status is /),
          ),
        );
      }
      await root.put(`/admin/devices/${device}`).send(form('Available', 'Ageing')).expect(200);
      await decide(kim, ids[0], 'CONFIRMED').expect(200);
      // What is confirmed stays, and may be taken back.
      await root.put(`/admin/devices/${device}`).send(form('Unavailable', 'Ageing')).expect(200);
      expect(await status(ids[0])).to.equal('CONFIRMED');
      await decide(kim, ids[0], 'REJECTED').expect(200);
    });

    it('keeps a slot under maintenance from being confirmed', async () => {
      const device = await aDevice(open.lab);
      const { ids } = await booked(ada, { bookings: [{ device_id: device, ...dayOf(DATE) }] });
      const window = { ...dayOf(DATE), reason: 'new fans' };
      const { body } = await root.post(`/api/devices/${device}/maintenance`).send(window).expect(201);
      await writingNothing(open.store, () =>
        decide(kim, ids[0], 'CONFIRMED').expect(
          problem(409, 'booking.maintenance', /under maintenance 2026-.* to .*new fans/),
        ),
      );
      await root.delete(`/api/devices/${device}/maintenance/${body.id as number}`).expect(200);
      await decide(kim, ids[0], 'CONFIRMED').expect(200);
    });
  });
});

forEveryStore('the lists of approvers', (openLab) => {
  it('show what awaits a decision, and everything page by page, the latest start first', async () => {
    const clock = new ManualClock();
    const { lab, app } = await openLab({ clock });
    const ada = await signedIn(app, 'ada');
    const kim = await somebodyWith(lab, app, 'Approver', 'kim');
    const device = await aDevice(lab, { mgmt_ip: '192.0.2.7' });
    const form = daysOf(device, ['2026-11-23', '2026-11-25', '2026-11-24', '2026-11-26'], {
      message: 'please',
      collaborators: ['kim'],
    });
    const { ids } = await booked(ada, form);
    const [monday, wednesday, tuesday, thursday] = ids as [number, number, number, number];
    const list = async (path: string) => (await kim.get(path).expect(200)).body as RecordReply[];
    const idsIn = async (path: string) => (await list(path)).map((record) => record.booking_id);

    await kim.put(`/admin/bookings/${wednesday}`).send({ status: 'CONFIRMED', comment: 'enjoy' }).expect(200);
    const decided = (await list('/admin/bookings/all')).find((record) => record.booking_id === wednesday);
    expect(decided).to.deep.include({ decided_at: isoOf(clock.now()), decision_comment: 'enjoy' });
    expect(await idsIn('/admin/bookings/pending')).to.deep.equal([thursday, tuesday, monday]);
    expect(await idsIn('/admin/bookings/all')).to.deep.equal([thursday, wednesday, tuesday, monday]);
    expect(await idsIn('/admin/bookings/all?limit=2')).to.deep.equal([thursday, wednesday]);
    expect(await idsIn('/admin/bookings/all?limit=2&offset=1')).to.deep.equal([wednesday, tuesday]);
    expect(await idsIn('/admin/bookings/all?offset=3')).to.deep.equal([monday]);
    for (const query of ['limit=0', 'limit=-1', 'limit=x', 'offset=-1', 'limit=1.5']) {
      await kim.get(`/admin/bookings/all?${query}`).expect(problem(422));
    }
    expect((await list('/admin/bookings/all'))[2]).to.deep.equal({
      booking_id: tuesday,
      user_id: await userIdOf(ada),
      username: 'ada',
      device_type: 'ROADM',
      device_name: 'Device 1',
      ip_address: '192.0.2.7',
      ...dayOf('2026-11-24'),
      status: 'PENDING',
      comment: 'please',
      decided_at: null,
      decision_comment: null,
    });

    clock.set(Date.parse('2026-11-23T23:59:00Z'));
    expect(await idsIn('/admin/bookings/pending')).to.deep.equal([thursday, tuesday]);
    expect((await list('/admin/bookings/all'))[3]!.status).to.equal('EXPIRED');
    expect(await statusOf(lab, monday), 'nothing is written by looking').to.equal('PENDING');
    await decide(kim, monday, 'CONFIRMED').expect(problem(400, 'booking.already-over', /expired/));
  });
});

forEveryStore('the approval policy', (openLab) => {
  const labWith = (approval: Partial<LabConfig['approval']>) =>
    openLab({ config: { approval: { ...usualConfig.approval, ...approval } } });

  for (const [allowSelf, approver, admin] of [
    ['nobody', 403, 403],
    ['admins', 403, 200],
    ['everybody', 200, 200],
  ] as const) {
    it(`lets ${allowSelf} decide about their own where it says so`, async () => {
      const { lab, app } = await labWith({ allowSelf });
      const root = await administrator(lab, app);
      const kim = await somebodyWith(lab, app, 'Approver', 'kim');
      for (const [agent, expected] of [
        [kim, approver],
        [root, admin],
      ] as const) {
        const { ids } = await booked(agent, daysOf(await aDevice(lab), [DATE]));
        await decide(agent, ids[0], 'CONFIRMED').expect(expected);
      }
    });
  }

  it('confirms at once where it is automatic for the device type or the role, the type before the role', async () => {
    const { lab, app } = await labWith({
      mode: 'manual',
      deviceTypes: { Scope: 'automatic', Laser: 'manual' },
      roles: { Approver: 'automatic' },
    });
    const ada = await signedIn(app, 'ada');
    const kim = await somebodyWith(lab, app, 'Approver', 'kim');
    const expected = {
      Scope: ['CONFIRMED', 'CONFIRMED'],
      Laser: ['PENDING', 'PENDING'],
      ROADM: ['PENDING', 'CONFIRMED'],
    };
    for (const [type, due] of Object.entries(expected)) {
      for (const [index, agent] of [ada, kim].entries()) {
        const device = await aDevice(lab, { device_type: type });
        const { statuses } = await booked(agent, daysOf(device, [DATE]));
        expect(statuses, `${type} for ${index}`).to.deep.equal([due[index]]);
      }
    }
    await expectNoViolation(lab);
  });

  it('never confirms a contender by itself, nor one that becomes PENDING', async () => {
    const { lab, app } = await labWith({ mode: 'automatic' });
    const [ada, bob] = [await signedIn(app, 'ada'), await signedIn(app, 'bob')];
    const ids = await contenders(await aDevice(lab), ada, bob);
    expect(await statusOf(lab, ids[0]!)).to.equal('CONFIRMED');
    expect(await statusOf(lab, ids[1]!)).to.equal('CONFLICTING');
    await ada.put(`/bookings/${ids[0]!}/cancel`).expect(200);
    expect(await statusOf(lab, ids[1]!)).to.equal('PENDING');
    await expectNoViolation(lab);
  });
});

for (const onStore of [onSqliteFile, onMariaDbStore]) {
  onStore('approving in two server processes of one lab', (open) => {
    it('lets one of two contenders win, whoever approves where', async () => {
      const here = await labOver(await open());
      const there = await labOver(await here.store.again());
      const [ada, bob] = [await signedIn(here.server, 'ada'), await signedIn(here.server, 'bob')];
      const approvers = [
        await somebodyWith(here.lab, here.server, 'Approver', 'kim'),
        await somebodyWith(there.lab, there.server, 'Approver', 'lee'),
      ] as const;
      for (let round = 0; round < 5; round += 1) {
        const ids = await contenders(await aDevice(here.lab), ada, bob);
        const replies = await Promise.all([
          decide(approvers[round % 2]!, ids[0], 'CONFIRMED'),
          approvers[(round + 1) % 2]!.post('/admin/v2/bookings/approve').send({ booking_ids: [...ids].reverse() }),
        ]);
        const outcome = replies[1].body as { succeeded: number[]; failed: { id: number; code: string }[] };
        const statuses = [await statusOf(here.lab, ids[0]!), await statusOf(here.lab, ids[1]!)];
        if (replies[0].status === 200) {
          expect(statuses).to.deep.equal(['CONFIRMED', 'CONFLICTING']);
          expect(outcome.succeeded).to.deep.equal([]);
          expect(outcome.failed.map(({ code }) => code)).to.deep.equal(['booking.taken', 'booking.decided']);
        } else {
          problem(409, 'booking.taken')(replies[0]);
          expect(statuses).to.deep.equal(['CONFLICTING', 'CONFIRMED']);
          expect(outcome.succeeded).to.deep.equal([ids[1]]);
          expect(outcome.failed.map(({ code }) => code)).to.deep.equal(['booking.taken']);
        }
      }
      await expectNoViolation(here.lab);
      await there.close();
      await here.close();
    });
  });
}

import { expect } from 'chai';
import { DAY } from '../../domain/index.js';
import { addedAsset, addedEntry, assetNow, historyOf, storyOf } from '../support/assets.js';
import { daysOf } from '../support/booking-forms.js';
import { forEveryStore } from '../support/labs.js';
import { ManualClock } from '../support/manual-clock.js';
import { administrator, signedIn, somebodyWith } from '../support/people.js';
import { problem } from '../support/problem.js';

forEveryStore('one device from the plan to the museum', (openLab) => {
  it('is planned, active, booked, in maintenance, documented and retired, with a history that tells the story', async () => {
    const clock = new ManualClock();
    const { lab, server } = await openLab({ clock });
    const root = await administrator(lab, server);
    const kim = await somebodyWith(lab, server, 'Admin', 'kim');
    const ada = await signedIn(server, 'ada');
    const type = await addedEntry(root, 'device-types', { name: 'ROADM', category: 'OPTICAL' });
    const site = await addedEntry(root, 'sites', { name: 'Dublin Lab' });
    const loan = await addedEntry(root, 'tags', { name: 'loan' });

    // Planned: everybody can see it, nobody can book it.
    const { id } = await addedAsset(root, type, { name: 'ROADM 17', status: 'planned', change_notes: 'order 4711' });
    const path = `/api/inventory/devices/${id}`;
    const week = daysOf(id, ['2026-11-27', '2026-12-04']);
    await ada.post('/bookings').send(week).expect(problem(503));

    // Active: two administrators have it open, and the second is told that the first was faster.
    clock.advance(DAY);
    const seen = String((await kim.get(path).expect(200)).get('ETag'));
    const arrived = { status: 'active', site_id: site, rack: 'A01', u_position: 4, change_notes: 'arrived' };
    await root.put(path).set('If-Match', seen).send(arrived).expect(200);
    await kim.put(path).set('If-Match', seen).send({ rack: 'B02' }).expect(problem(412, 'device.stale'));
    await kim
      .post(`${path}/tags`)
      .send({ tag_ids: [loan] })
      .expect(200);

    // Booked.
    const { bookings } = (await ada.post('/bookings').send(week).expect(200)).body as {
      bookings: { booking_id: number }[];
    };
    await root.put(`/admin/bookings/${bookings[0]!.booking_id}`).send({ status: 'CONFIRMED' }).expect(200);

    // In maintenance: what is booked stays, nothing is added to it.
    await kim.patch(path).send({ status: 'in_maintenance', change_notes: 'fan is loud' }).expect(200);
    await ada
      .post('/bookings')
      .send(daysOf(id, ['2026-12-11']))
      .expect(problem(503));

    // Documented, and back.
    await kim.post(`${path}/attachments`).attach('file', Buffer.from('%PDF-1.7 test report'), 'report.pdf').expect(200);
    await kim.patch(path).send({ status: 'active' }).expect(200);

    // Retired: the first booking is over by then, the second is in the way until somebody decides.
    clock.advance(5 * DAY);
    await root
      .put(path)
      .send({ status: 'retired' })
      .expect(problem(409, 'device.has-bookings', /^ROADM 17 has 1 booking/));
    await root.put(`${path}?cancel_bookings=true`).send({ status: 'retired', change_notes: 'too old' }).expect(200);
    const held = (await ada.get('/bookings/for-week?start=2026-11-30').expect(200)).body as { status: string }[];
    expect(held.map(({ status }) => status)).to.deep.equal(['CANCELLED']);
    expect(await assetNow(ada, id)).to.include({ status: 'retired', site_name: 'Dublin Lab', version: 7 });

    expect(await storyOf(ada, id)).to.deep.equal([
      'created',
      'updated status: planned -> active',
      'updated site: - -> Dublin Lab',
      'updated rack: - -> A01',
      'updated u_position: - -> 4',
      'tags_changed tags: - -> loan',
      'updated status: active -> in_maintenance',
      'attachment_added attachments: - -> report.pdf',
      'updated status: in_maintenance -> active',
      'updated status: active -> retired',
    ]);
    const told = (await historyOf(ada, id)).filter(({ notes }) => notes !== null);
    expect([...new Set(told.map((entry) => `${entry.changed_by_username}: ${String(entry.notes)}`))]).to.deep.equal([
      ...['root: too old', 'kim: fan is loud', 'root: arrived', 'root: order 4711'],
    ]);

    // Gone: its story is still there.
    await root.delete(path).expect(204);
    expect((await storyOf(ada, id)).at(-1)).to.equal('deleted');
    expect((await lab.checkInvariants.execute()).violations).to.deep.equal([]);
  });
});

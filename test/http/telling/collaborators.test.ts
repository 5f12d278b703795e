import { expect } from 'chai';
import ICAL from 'ical.js';
import { Correspondents, reachablePerson, tell } from '../../support/correspondents.js';
import { importDevices } from '../../support/devices.js';
import { booked, slotsOf } from '../../support/groups.js';
import { forEveryStore } from '../../support/labs.js';

/** The method and the status of the calendar entry that came with a letter. */
const entryOf = (attachments: readonly { readonly contentType: string; readonly content: Buffer }[]): string[] =>
  attachments
    .filter(({ contentType }) => contentType.startsWith('text/calendar'))
    .slice(0, 1)
    .flatMap(({ content }) => {
      const calendar = new ICAL.Component(ICAL.parse(content.toString('utf8')) as unknown[]);
      const event = calendar.getFirstSubcomponent('vevent');
      return [String(calendar.getFirstPropertyValue('method')), String(event?.getFirstPropertyValue('status'))];
    });

forEveryStore('somebody who is no collaborator any more', (openLab) => {
  const others = new Correspondents();
  before(() => others.start());
  after(() => others.stop());

  it('is told so, and has the booking taken out of the calendar', async () => {
    const { lab, server } = await openLab({ notifiers: others.notifiers });
    const ada = await reachablePerson(server, 'ada', null);
    const bob = await reachablePerson(server, 'bob', null);
    await reachablePerson(server, 'kim', null);
    const [device = 0] = await importDevices(lab, [{ name: 'ROADM 1' }]);
    const slots = slotsOf(device, ['2026-11-24 09:00-12:00'], { collaborators: ['bob'] });
    const { ids } = await booked(ada, slots);
    await tell(lab);
    const letters = () =>
      others.mail.received
        .splice(0)
        .map(({ recipients, subject, attachments }) => [recipients[0], subject, ...entryOf(attachments)])
        .sort();
    expect(letters()).to.deep.include([
      'bob@people.example',
      '[OpenLab] Booking requested: ROADM 1 for ada',
      'REQUEST',
      'TENTATIVE',
    ]);
    await ada
      .patch(`/bookings/${ids[0]!}/collaborators`)
      .send({ collaborators: ['kim'] })
      .expect(200);
    await tell(lab);
    await lab.deliverNotifications.stop();
    expect(letters()).to.deep.equal([
      ['ada@people.example', '[OpenLab] Collaborators changed: ROADM 1 for ada', 'REQUEST', 'TENTATIVE'],
      ['bob@people.example', '[OpenLab] No longer a collaborator: ROADM 1 for ada', 'CANCEL', 'CANCELLED'],
      ['kim@people.example', '[OpenLab] Collaborators changed: ROADM 1 for ada', 'REQUEST', 'TENTATIVE'],
    ]);
    const { items } = (await bob.get('/api/notifications').expect(200)).body as { items: { type: string }[] };
    expect(items.map(({ type }) => type)).to.include('booking.collaborators-removed');
  });
});

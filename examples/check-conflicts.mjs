// Another service asks the lab's own rules whether a slot can be had, and what to do if not. It needs no server, no
// database and no other package: `openlab/domain` is rules and nothing else.
import { alternativesTo, defaultBookingPolicy, isoOf, judge, LabZone, timeSlot } from 'openlab/domain';

const zone = new LabZone('Europe/Dublin');
const slot = (start, end) => timeSlot(zone.parse(start), zone.parse(end));
const roadm = (id) => ({ id, rowIds: [id], type: 'ROADM', name: `ROADM ${id}`, status: 'active', schedulable: true });

// What is known: Ada has the first ROADM until noon, and somebody changes its fans after that.
const first = {
  thing: roadm(1),
  holds: [
    {
      bookingId: 1,
      groupId: 'a',
      ownerId: 1,
      ownerUsername: 'ada',
      slot: slot('2026-11-23T09:00', '2026-11-23T12:00'),
      status: 'CONFIRMED',
    },
  ],
  maintenance: [{ slot: slot('2026-11-23T12:00', '2026-11-23T14:00'), reason: 'new fans' }],
};
const second = { thing: roadm(2), holds: [], maintenance: [] };

// What is wanted: the first ROADM from eleven to one, by user 2, who does not want to contend for it.
const wanted = { thing: first.thing, slot: slot('2026-11-23T11:00', '2026-11-23T13:00'), consent: false };
const terms = {
  requesterId: 2,
  role: 'User',
  groupId: null,
  held: [],
  now: zone.parse('2026-11-23T08:00'),
  zone,
  policy: defaultBookingPolicy,
  automatic: () => false,
};

const { grants, refusals } = judge([wanted], new Map([[first.thing.id, first]]), terms);
for (const { thing, status } of grants) console.log(`${thing.name} can be had: ${status}`);
for (const { code, detail } of refusals) console.log(`${code}: ${detail}`);
if (refusals.length > 0) {
  for (const { deviceName, slot: free } of alternativesTo(wanted, first, [second], [], terms)) {
    console.log(`instead: ${deviceName} from ${isoOf(free.start)} to ${isoOf(free.end)}`);
  }
}

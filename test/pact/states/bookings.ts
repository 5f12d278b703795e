import { z } from 'zod';
import type { Stage } from '../provider/stage.js';
import { dayOf } from '../../support/booking-forms.js';
import { providerState, type ProviderState } from './provider-state.js';

const lastGroup = (stage: Stage) => {
  if (!stage.lastGroup) throw new Error("nothing is booked: begin with 'somebody has booked'");
  return stage.lastGroup;
};

export const somebodyHasBooked: ProviderState = providerState({
  name: 'somebody has booked',
  meaning: 'Somebody booked every one of some devices on every one of some days, 00:01Z to 23:59Z, as one group.',
  parameters: z.object({
    username: z.string().default('alice').describe('who; they have an account'),
    devices: z.array(z.string()).min(1).default(['ROADM 1']).describe('their names'),
    days: z.array(z.iso.date()).min(1).default(['2026-11-27']).describe('from 2026-11-24 on'),
    message: z.string().default('First light').describe('what they wrote'),
    collaborators: z.array(z.string()).default([]).describe('usernames; they have accounts'),
    contending: z.boolean().default(false).describe('whether over what others have booked'),
  }),
  tells: ['groupId', 'bookingId', 'bookingIds'],
  prepare: async (stage, { username, devices, days, message, collaborators, contending }) => {
    const items = devices.flatMap((device) =>
      days.map((day) => {
        const { start_time, end_time } = dayOf(day);
        const slot = { start: Date.parse(start_time), end: Date.parse(end_time) };
        return { device: { id: stage.device(device) }, ...slot, consent: contending };
      }),
    );
    const request = { userId: null, items, message, collaborators, groupId: null };
    const granted = await stage.useCases.requestBooking.execute(stage.person(username), request);
    const bookingIds = granted.bookings.map(({ id }) => id);
    const end = Math.max(...items.map((item) => item.end));
    stage.lastGroup = { id: granted.groupId, ownerName: username, bookingIds, end };
    return { groupId: granted.groupId, bookingId: bookingIds[0] ?? 0, bookingIds };
  },
});

export const theBookingWasDecided: ProviderState = providerState({
  name: 'the booking was decided',
  meaning: 'What was booked last was confirmed or rejected by an administrator, or cancelled by its owner.',
  parameters: z.object({
    verdict: z.enum(['CONFIRMED', 'REJECTED', 'CANCELLED']).default('CONFIRMED').describe('what became of it'),
  }),
  tells: ['groupId', 'bookingId', 'bookingIds'],
  prepare: async (stage, { verdict }) => {
    const { id, ownerName, bookingIds } = lastGroup(stage);
    if (verdict === 'CANCELLED') await stage.useCases.cancelBooking.group(stage.person(ownerName), id);
    else {
      const decisions = bookingIds.map((bookingId) => ({ id: bookingId, verdict }));
      const { failed } = await stage.useCases.decideBookings.many(await stage.root(), decisions, null);
      if (failed[0]) throw failed[0].error;
    }
    return { groupId: id, bookingId: bookingIds[0] ?? 0, bookingIds };
  },
});

export const theBookingIsOver: ProviderState = providerState({
  name: 'the booking is over',
  meaning:
    'Time has gone on to the end of what was booked last, which has expired where it was pending, contended or confirmed. Sessions end after seven days: name who is signed in afterwards, or book no further ahead.',
  parameters: z.object({}),
  tells: ['groupId', 'bookingId', 'bookingIds'],
  prepare: async (stage) => {
    const { id, bookingIds, end } = lastGroup(stage);
    await stage.goOnTo(end);
    return { groupId: id, bookingId: bookingIds[0] ?? 0, bookingIds };
  },
});

export const somebodyHasAFavourite: ProviderState = providerState({
  name: 'somebody has a favourite',
  meaning: 'Somebody keeps what was booked last among their favourites.',
  parameters: z.object({
    username: z.string().default('alice').describe('who; they have an account'),
    name: z.string().default('ring').describe('of the favourite'),
    device: z.string().default('ROADM 1').describe('the device in it'),
  }),
  tells: ['favouriteId'],
  prepare: async (stage, { username, name, device }) => {
    const { device: row, type } = await stage.useCases.viewAssets.one(stage.device(device));
    const { id } = await stage.useCases.keepFavourites.save(stage.person(username), {
      ...{ groupId: lastGroup(stage).id, name },
      devices: [{ deviceId: row.id, deviceName: row.name, deviceType: type.name }],
    });
    return { favouriteId: id };
  },
});

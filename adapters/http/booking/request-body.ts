import { z } from 'zod';
import type { Request } from 'express';
import type { BookingRequest, IdempotencyKey } from '../../../application/booking/index.js';
import type { TokenDigest } from '../../../application/identity/index.js';
import type { LabZone } from '../../../domain/index.js';
import { id, idOrText, instant, name, optionalText, text } from '../shared/fields.js';

/** More items than any real request has; the longest seen is a rack for a month. */
export const MOST_ITEMS = 1000;

/** What a client may wish for. Only CONFLICTING says something: it accepts to contend. */
const WishedStatus = z
  .string()
  .max(20)
  .transform((value) => value.trim().toUpperCase())
  .pipe(z.enum(['PENDING', 'CONFLICTING', 'CONFIRMED']))
  .optional()
  .default('PENDING');

const itemBody = (zone: LabZone) =>
  z
    .object({
      device_id: id.nullish(),
      device_type: name(100).nullish(),
      device_name: name(200).nullish(),
      start_time: instant(zone),
      end_time: instant(zone),
      status: WishedStatus,
    })
    .transform(({ device_id, device_type, device_name, ...item }, context) => {
      if (typeof device_id === 'number') return { device: { id: device_id }, ...item };
      if (typeof device_type === 'string' && typeof device_name === 'string') {
        return { device: { type: device_type, name: device_name }, ...item };
      }
      context.addIssue('name the device by device_id, or by device_type and device_name');
      return z.NEVER;
    });

/** A request for devices in slots, as `POST /bookings` and the preview read it. */
export const requestBody = (zone: LabZone) =>
  z.object({
    user_id: idOrText.nullish(),
    bookings: z.array(itemBody(zone)).max(MOST_ITEMS),
    message: text(2000).nullish(),
    collaborators: z.array(text(200)).max(100).nullish(),
    grouped_booking_id: text(36).nullish(),
  });

export const requestOf = (body: z.output<ReturnType<typeof requestBody>>): BookingRequest => ({
  userId: body.user_id ?? null,
  items: body.bookings.map((item) => ({
    device: item.device,
    start: item.start_time,
    end: item.end_time,
    consent: item.status === 'CONFLICTING',
  })),
  message: body.message ?? '',
  collaborators: body.collaborators ?? [],
  groupId: body.grouped_booking_id ?? null,
});

/** Who a client says it acts for (the session decides whether it may), and why it gives something up. */
export const CancelBody = z.object({ user_id: idOrText.nullish(), reason: optionalText(1000) }).optional();

/** The key by which a request may be repeated without booking twice; null when it has none. */
export const idempotencyKeyOf = (request: Request, digest: TokenDigest): IdempotencyKey | null => {
  const key = request.get('idempotency-key');
  // The path counts: the same body sent to another booking or group is another request.
  return key === undefined
    ? null
    : { key, fingerprint: digest(JSON.stringify([request.path.replace(/^\/api/, ''), request.body])) };
};

import './zod-openapi.js';
import { z } from 'zod';

/** The header of a request that books: with it, whoever sends the same again gets the first answer again. */
export const MayBeRepeated = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .openapi({
      description:
        'Any 1 to 200 characters, another for each request. The same request with the same key by the same user gets ' +
        'the first answer again, a refusal too, for at least a week, and books nothing more; another request with it is 422.',
      example: '0b1f6c1e-6d0e-4a55-9a55-7a3a1b9a2f10',
    }),
});

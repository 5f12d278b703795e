import { z } from 'zod';

/** How much of a list is asked for. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

const MOST_OFFSET = 2_147_483_647;

/** `limit` and `offset` of a list. */
export const pageQuery = (usual = 25, most = 200) =>
  z.object({
    limit: z.coerce.number().pipe(z.int().min(1).max(most)).optional().default(usual),
    offset: z.coerce.number().pipe(z.int().min(0).max(MOST_OFFSET)).optional().default(0),
  });

/** What is said about a list besides its items. */
export const MetaReply = z.object({ total: z.int(), limit: z.int(), offset: z.int() });

export const metaReply = (total: number, { limit, offset }: Page): z.input<typeof MetaReply> => ({
  total,
  limit,
  offset,
});

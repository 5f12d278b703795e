import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** Sends a table line by line as they come: however long it is, little of it is in memory. */
export const sendCsv = async (response: Response, fileName: string, lines: AsyncIterable<string>): Promise<void> => {
  response.status(200).type('text/csv').set('Content-Disposition', `attachment; filename="${fileName}"`);
  await pipeline(Readable.from(lines, { objectMode: true }), response);
};

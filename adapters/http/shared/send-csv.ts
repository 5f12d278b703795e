import type { Response } from 'express';
import { sendStream } from './send-stream.js';

/** Sends a table as a file, bit by bit as its lines come: however long it is, little of it is in memory. */
export const sendCsv = (response: Response, fileName: string, lines: AsyncIterable<string>): Promise<void> =>
  sendStream(response, lines, (ready) => {
    ready.attachment(fileName).type('text/csv; charset=utf-8');
  });

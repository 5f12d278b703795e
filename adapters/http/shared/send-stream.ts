import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';

/**
 * Sends what comes bit by bit, no faster than it is read. The first part is waited for before anything is sent, so that
 * what fails at once is still answered with a problem document.
 * @param prepare sets the headers.
 */
export const sendStream = async (
  response: Response,
  parts: AsyncIterable<string | Uint8Array>,
  prepare: (response: Response) => void,
): Promise<void> => {
  const remaining = parts[Symbol.asyncIterator]();
  const first = await remaining.next();
  prepare(response);
  const whole = async function* () {
    for (let part = first; !part.done; part = await remaining.next()) yield part.value;
  };
  try {
    await pipeline(whole, response);
  } catch (error) {
    // The client went away, which is its own affair; a reply that has begun cannot become a problem document.
    if (!response.destroyed) throw error;
  }
};

import { parse } from 'yaml';
import type { OldPdu } from '../../application/move-in/index.js';
import { invalid } from '../../domain/index.js';

const unreadable = () => invalid('move-in.no-pdu-file', 'The file of the PDUs is no YAML with a list of pdus.');

/** The file of the old control panel. It was written for YAML 1.1, where a bare `on` is a boolean. */
export const readPduFile = (text: string): OldPdu[] => {
  let content: unknown;
  try {
    content = parse(text, { version: '1.1' });
  } catch {
    // The parser quotes the line that it does not understand, and there are passwords in the file.
    throw unreadable();
  }
  const pdus = (content as { pdus?: unknown } | null)?.pdus;
  if (!Array.isArray(pdus) || !pdus.every((pdu) => typeof pdu === 'object' && pdu !== null)) throw unreadable();
  return pdus as OldPdu[];
};

import { fileTypeFromBuffer } from 'file-type';
import type { ContentSniffer } from '../../application/inventory/ports.js';

const UNKNOWN = 'application/octet-stream';

/** Tells binary files by their marks, and text by what it looks like. */
export const contentSniffer: ContentSniffer = {
  mimeTypeOf: async (head) => {
    const text = textOf(head);
    const marked = await fileTypeFromBuffer(head);
    // A page or a picture that starts as XML is more than that to a browser.
    if (marked && !(text !== null && marked.mime === 'application/xml')) return marked.mime;
    return text === null ? UNKNOWN : typeOfText(text);
  },
};

/** Null when it is not UTF-8, apart from a letter that is cut off at the end, or holds what no text does. */
const textOf = (head: Uint8Array): string | null => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? null : text;
  } catch {
    return null;
  }
};

/** Anything in it that a browser would run or draw decides. */
const typeOfText = (text: string): string => {
  if (/<svg[\s>:]/i.test(text)) return 'image/svg+xml';
  if (/<(?:!doctype\s+html|html|head|body|script|iframe)\b/i.test(text)) return 'text/html';
  if (/^\s*<\?xml\b/i.test(text)) return 'application/xml';
  return /^\s*[[{]/.test(text) && isJson(text) ? 'application/json' : 'text/plain';
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

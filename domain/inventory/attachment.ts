import type { Instant } from '../shared/index.js';

/** A file that documents a device. */
export interface Attachment {
  readonly id: number;
  readonly deviceId: number;
  /** What the uploader called it: a label, never a path. */
  readonly fileName: string;
  /** What its content is, whatever the uploader said. */
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Under which name the vault keeps the content. */
  readonly vaultName: string;
  readonly uploadedBy: number | null;
  readonly uploadedByName: string;
  readonly createdAt: Instant;
}

const LONGEST_FILE_NAME = 255;
const LONGEST_EXTENSION = 20;
// Control characters, halves of surrogate pairs, and marks that turn the direction of writing around.
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What a file is called, without the folders and the tricks that a client may put into its name. */
export const fileNameOf = (given: string): string => {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(NOT_IN_NAMES, '').trim();
  if (/^\.*$/.test(name)) return 'unnamed';
  const extension = fileEndingOf(name);
  const end = extension === '' || extension.length > LONGEST_EXTENSION ? '' : `.${extension}`;
  if (name.length <= LONGEST_FILE_NAME) return name;
  return `${name.slice(0, LONGEST_FILE_NAME - end.length).replace(NOT_IN_NAMES, '')}${end}`;
};

/** The last part of a file name in small letters, without its dot; empty when there is none. */
export const fileEndingOf = (fileName: string): string => /[^.]\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';

import type { Message } from '../../domain/index.js';

/** What Discord takes in one message, in UTF-16 units, which are never fewer than the characters that it counts. */
export const LONGEST_CONTENT = 2000;

const LONGEST_FACT = 700;
const MORE = '…';

/** The first units of a text, without the half of a character or of an escape at the end. */
const cut = (text: string, longest: number): string => {
  if (text.length <= longest) return text;
  const kept = text.slice(0, longest - MORE.length);
  const whole = /[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept;
  const [backslashes = ''] = /\\*$/.exec(whole) ?? [];
  return `${backslashes.length % 2 === 1 ? whole.slice(0, -1) : whole}${MORE}`;
};

/**
 * Text that Discord shows as it was written: it cannot ping, link or format. Every ASCII sign but blank, comma and full stop is
 * escaped, and a line break is a blank, since some formats begin with the line.
 */
export const escapeForDiscord = (text: string): string =>
  text
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replaceAll(/[!-+\-/:-@[-`{-~]/g, '\\$&');

/** The message in Discord's markup, short enough for it. */
export const discordContent = ({ title, facts }: Message, mention: string | null): string => {
  const lines = [
    `**${cut(escapeForDiscord(title), LONGEST_FACT)}**`,
    ...(mention === null ? [] : [mention]),
    ...facts.map(({ label, text }) => `${escapeForDiscord(label)}: ${cut(escapeForDiscord(text), LONGEST_FACT)}`),
  ];
  return cut(lines.join('\n'), LONGEST_CONTENT);
};

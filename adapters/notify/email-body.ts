import { shortened, type Message } from '../../domain/index.js';

const NOT_TEXT = /[\p{Cc}\p{Cs}\u2028\u2029]+/gu;
const LONGEST_SUBJECT = 150;

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** One line, whatever the names in it hold: a header ends where a line does. */
export const subjectOf = (labName: string, { title }: Message): string =>
  shortened(`[${labName}] ${title}`.replaceAll(NOT_TEXT, ' '), LONGEST_SUBJECT);

export const textOf = ({ title, facts }: Message): string =>
  [title, '', ...facts.map(({ label, text }) => `${label}: ${text}`), ''].join('\n');

export const htmlOf = ({ title, facts }: Message): string => {
  const rows = facts.map(
    ({ label, text }) =>
      `<tr><th align="left" valign="top">${escapeHtml(label)}</th><td>${escapeHtml(text).replaceAll('\n', '<br>')}</td></tr>`,
  );
  return `<!DOCTYPE html><html><body><h1 style="font-size:1.2em">${escapeHtml(title)}</h1><table cellpadding="4">${rows.join('')}</table></body></html>`;
};

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const linesOnlyIn = (text: string, other: string): string[] => {
  const known = new Set(other.split('\n'));
  return text.split('\n').filter((line) => !known.has(line));
};

/**
 * What would be another text than the one that is kept in the folder: for each file a sentence, and the lines that went
 * and came. A file that is not there counts as empty.
 */
export const changedReports = async (
  folder: string,
  texts: Readonly<Record<string, string>>,
): Promise<readonly string[]> => {
  const changes: string[] = [];
  for (const [file, text] of Object.entries(texts)) {
    const kept = await readFile(join(folder, file), 'utf8').catch(() => '');
    if (kept === text) continue;
    const gone = linesOnlyIn(kept, text).map((line) => `- ${line}\n`);
    const come = linesOnlyIn(text, kept).map((line) => `+ ${line}\n`);
    changes.push(`docs/api/${file} has changed:\n${gone.join('')}${come.join('')}`);
  }
  return changes;
};

import { isAbsolute, join, relative } from 'node:path';

/**
 * Where the content of a paper is, below the folder that the old server called `uploads`.
 * @param oldPath as the old database has it.
 * @returns null for a path that leads out of the folder: an old row must not have other files of this machine published.
 */
export const uploadedPaper = (folder: string, oldPath: string): string | null => {
  const path = join(folder, oldPath.replace(/^\/?uploads\//, ''));
  const within = relative(folder, path);
  return within === '' || within.split(/[/\\]/, 1)[0] === '..' || isAbsolute(within) ? null : path;
};

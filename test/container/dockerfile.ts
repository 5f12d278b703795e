import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../composition/package-root.js';

export interface Instruction {
  readonly name: string;
  /** What follows the name, its lines joined. */
  readonly text: string;
}

export interface Stage {
  readonly base: string;
  /** Null for one that has no name. */
  readonly name: string | null;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, without comments. */
export const stagesOf = (dockerfile: string): Stage[] => {
  const lines = dockerfile
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { base: string; name: string | null; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', text = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    const [, base, alias] = name === 'FROM' ? (/^(\S+)(?: +AS +(\S+))?$/i.exec(text) ?? []) : [];
    if (base !== undefined) stages.push({ base, name: alias ?? null, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text });
  }
  return stages;
};

/** `["node", "x"]`, as CMD and HEALTHCHECK name a program and not a line for a shell. */
export const execForm = (text: string): string[] => JSON.parse(text) as string[];

export const allOf = ({ instructions }: Stage, name: string): string[] =>
  instructions.filter((instruction) => instruction.name === name).map(({ text }) => text);

const patternOf = (rule: string): RegExp => {
  const parts = rule.replace(/\/$/, '').split('*');
  return new RegExp(`^${parts.map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('[^/]*')}(?:/.*)?$`);
};

/** Whether a file is sent to the build, by the rules of `.dockerignore`: the last that fits decides. */
export const sentToTheBuild = (ignore: string): ((file: string) => boolean) => {
  const rules = ignore
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return (file) => rules.reduce((sent, { keeps, pattern }) => (pattern.test(file) ? keeps : sent), true);
};

export const shipped = (file: string): string => readFileSync(path.join(packageRoot, file), 'utf8');

/** Files of a folder that are sent to the build, as paths within it. */
export const contextIn = (folder: string, ignore: string): string[] => {
  const sent = sentToTheBuild(ignore);
  // Also looked into where a rule keeps something of it only.
  const walk = (within: string): string[] =>
    readdirSync(path.join(folder, within), { withFileTypes: true }).flatMap((entry) => {
      const file = path.posix.join(within, entry.name);
      if (['node_modules', '.git', 'dist', 'data'].includes(file)) return [];
      if (entry.isDirectory()) return walk(file);
      return sent(file) ? [file] : [];
    });
  return walk('');
};

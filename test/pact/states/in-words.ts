import { z } from 'zod';
import type { ProviderState } from './provider-state.js';

interface Described {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly items?: Described;
}

const kindOf = ({ type, enum: words, items }: Described): string => {
  if (words) return words.map((word) => `\`${word}\``).join(', ');
  if (type === 'array') return `list of ${items?.type ?? 'value'}s`;
  return type ?? 'string or null';
};

/** A state as docs/contracts.md has it. */
export const stateInWords = ({ name, meaning, parameters, tells }: ProviderState): string => {
  const { properties = {} } = z.toJSONSchema(parameters, { io: 'input' }) as {
    readonly properties?: Readonly<Record<string, Described>>;
  };
  const lines = Object.entries(properties).map(([parameter, described]) => {
    const usual =
      described.default === undefined ? 'required' : `\`${JSON.stringify(described.default)}\` unless given`;
    return `- \`${parameter}\`: ${described.description ?? ''} (${kindOf(described)}; ${usual})`;
  });
  const told = tells.map((value) => `\`${value}\``).join(', ');
  return [`### ${name}`, '', meaning, '', ...lines, ...(told === '' ? [] : [`- tells ${told}`])].join('\n');
};

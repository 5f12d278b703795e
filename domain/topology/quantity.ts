import type { Quantity } from './logical-topology.js';

const NUMBER_AND_UNIT = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*([a-zµ/%]{0,10})\s*$/i;

/** Units that are written in several ways or sizes: the one that is kept, and what to multiply by. */
const UNITS: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  m: ['km', 0.001],
  gbps: ['g', 1],
  gbit: ['g', 1],
  'gb/s': ['g', 1],
  'gbit/s': ['g', 1],
  t: ['g', 1000],
  tbps: ['g', 1000],
  mbps: ['g', 0.001],
  us: ['ms', 0.001],
  s: ['ms', 1000],
  um: ['nm', 1000],
};

/** Reads `10km`, `1550 nm`, `100G`, `0.2`; null when it is not a number with at most a unit. */
export const readQuantity = (text: string): Quantity | null => {
  const match = NUMBER_AND_UNIT.exec(text);
  if (!match) return null;
  const written = (match[2] ?? '').toLowerCase();
  const [unit, factor] = UNITS[written] ?? [written, 1];
  const value = Number(match[1]) * factor;
  return Number.isFinite(value) ? { value, unit } : null;
};

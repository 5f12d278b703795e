import { stringify } from 'csv-stringify/sync';
import type { CsvLine } from '../../application/index.js';
import { guarded } from './formula-guard.js';

export const csvLine: CsvLine = (cells) => stringify([cells.map(guarded)], { quoted_match: /[\r\n]/ });

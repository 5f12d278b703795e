/** `npm run forecast:drawn -- [SEED]`: the evaluation of `npm run forecast:evaluate` on a lab drawn by known rules. */
import { evaluationReport } from '../../composition/evaluation-report.js';
import { usualPlan, walkForward } from '../../domain/index.js';
import { drawnHistory } from './drawn-history.js';

const { history, until, zone } = drawnHistory(Number(process.argv[2] ?? 1));
process.stdout.write(evaluationReport(history, walkForward(history, until, zone, usualPlan)));

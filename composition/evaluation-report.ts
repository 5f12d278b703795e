import { lengthInWords, reliabilityOf, verdictsOn, type BookingHistory, type JudgedForecast } from '../domain/index.js';

const HEAD = [
  ...['horizon', 'window', 'forecasts', 'free', 'Brier', 'skill/base', 'skill/schedule', 'log loss'],
  ...['ECE', 'base rate said'],
];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const rule = (cells: readonly string[]): string => line(cells.map((_, index) => (index < 2 ? '---' : '---:')));
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** How good forecasts of the past were, as Markdown. */
export const evaluationReport = (history: BookingHistory, judged: readonly JudgedForecast[]): string => {
  const about = `${history.devices.length} devices, ${history.bookings.length} bookings, ${judged.length} forecasts, each from what was known at its cutoff`;
  if (judged.length === 0) return `${about}: there is too little history to judge forecasts by.\n`;
  const verdicts = verdictsOn(judged).map((verdict) =>
    line([
      `${verdict.horizonDays} d`,
      lengthInWords(verdict.length),
      `${verdict.count}`,
      percent(verdict.observed),
      verdict.brier.toFixed(4),
      verdict.skillOverBase.toFixed(3),
      verdict.skillOverSchedule.toFixed(3),
      verdict.logLoss.toFixed(3),
      verdict.calibrationError.toFixed(3),
      percent(verdict.baseRateShare),
    ]),
  );
  const deciles = ['probability', 'forecasts', 'mean forecast', 'free in the end'];
  const bins = reliabilityOf(judged).map(({ count, forecast, observed }, bin) =>
    line([
      `${bin * 10} to ${(bin + 1) * 10} %`,
      `${count}`,
      ...(count === 0 ? ['', ''] : [percent(forecast), percent(observed)]),
    ]),
  );
  return [
    `${about}\n`,
    ...[line(HEAD), rule(HEAD), ...verdicts],
    '\nCalibration by decile, all horizons and windows together\n',
    ...[line(deciles), rule(deciles), ...bins, ''],
  ].join('\n');
};

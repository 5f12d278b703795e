import type { ForecastNumbers } from './forecast-model.js';
import { cellInWords, lengthInWords } from './window-grid.js';

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const daysInWords = (days: number): string =>
  days < 1 ? 'less than a day' : `${Math.round(days)} ${Math.round(days) === 1 ? 'day' : 'days'}`;

const scheduleInWords = ({ parts }: ForecastNumbers, blocked: number): string => {
  if (blocked === 0) return 'Nothing is booked in this time yet.';
  const booked = blocked === 1 ? 'A booking is' : `${blocked} bookings are`;
  const given = blocked === 1 ? 'it is' : 'all of them are';
  return `${booked} in the way; the chance that ${given} given up in time is ${percent(parts.released)}.`;
};

const whyOnlyBaseRate = ({ skill }: ForecastNumbers['parts']): string =>
  skill.skill === null
    ? 'There is too little history to forecast better than the base rate, so this is the base rate.'
    : 'For times of this length, this far ahead, the history of a device has not forecast better than the base rate, so this is the base rate.';

/** Why the forecast is what it is, for people. @param blocked how many bookings are in the way. */
export const factorsOf = (forecast: ForecastNumbers, blocked: number, type: string): string[] => {
  const { parts, baseRate, sampleSize, method } = forecast;
  const length = lengthInWords(parts.lengthClass);
  const schedule = scheduleInWords(forecast, blocked);
  const base = `Of all times of about ${length} in this lab ${percent(baseRate)} end free.`;
  if (method === 'base-rate') return [schedule, whyOnlyBaseRate(parts), base];
  return [
    schedule,
    `On ${cellInWords(parts.cell, parts.lengthClass)}, times of about ${length} end free on this device in ` +
      `${percent(parts.deviceRate)} of cases, on devices of type ${type} in ${percent(parts.typeRate)}.`,
    `${percent(parts.shareBooked)} of what gets booked is booked ${daysInWords(parts.daysAhead)} ahead; the chance ` +
      `that nobody else books before it begins is ${percent(parts.nobodyElse)}.`,
    `This rests on what ${sampleSize} such times are worth.`,
    base,
  ];
};

import { expect } from 'chai';
import {
  asKnownAt,
  brierScore,
  calibrationError,
  DAY,
  ForecastModel,
  holdsAt,
  HOUR,
  LabZone,
  logLoss,
  overlaps,
  reliability,
  skillOver,
  usualPlan,
  verdictsOn,
  walkForward,
  type BookingHistory,
  type ForecastNumbers,
  type JudgedForecast,
  type WalkForwardPlan,
} from '../../../domain/index.js';
import { drawnHistory, usualStructure, type DrawnHistory } from '../../support/drawn-history.js';

/** More of them take time: `npm run forecast:drawn -- SEED` tells the figures of any. */
const SEEDS = [1, 2];

/** Half of the history to learn from, then a cutoff every fortnight. */
const plan: WalkForwardPlan = {
  ...usualPlan,
  learnDays: 112,
  everyDays: 14,
  mostWindows: 360,
  lengths: [4 * HOUR, DAY],
};

/** Probability, interval and base rate of one forecast, and what became of it. */
type Judged = Pick<JudgedForecast, 'free'> & { readonly forecast: Pick<ForecastNumbers, 'probability' | 'baseRate'> };

const outcomes = (judged: readonly Judged[], probability: (one: Judged) => number) =>
  judged.map((one) => ({ probability: probability(one), free: one.free }));

/** The demand on a forecast: skill over the base rate, and probabilities that mean what they say. */
const expectSkillAndCalibration = (judged: readonly Judged[]): void => {
  const made = outcomes(judged, ({ forecast }) => forecast.probability);
  const base = outcomes(judged, ({ forecast }) => forecast.baseRate);
  expect(skillOver(brierScore(base), brierScore(made)), 'skill over the base rate').to.be.above(0.05);
  expect(calibrationError(made), 'calibration error').to.be.below(0.02);
};

describe('forecasts of a lab whose history was drawn by known rules', () => {
  const labs = new Map<number, { drawn: DrawnHistory; judged: JudgedForecast[] }>();

  before(function () {
    this.timeout(60_000);
    for (const seed of SEEDS) {
      const drawn = drawnHistory(seed);
      labs.set(seed, { drawn, judged: walkForward(drawn.history, drawn.until, drawn.zone, plan) });
    }
  });

  for (const seed of SEEDS) {
    it(`are better than the base rate by more than 0.05, and calibrated within 0.02 (seed ${seed})`, () => {
      expectSkillAndCalibration(labs.get(seed)!.judged);
    });
  }

  it('are nearly as good as those of somebody who knows the rules', () => {
    for (const [seed, { drawn, judged }] of labs) {
      const known = judged.map((one) => ({ probability: truthOf(drawn, one), free: one.free }));
      const made = judged.map((one) => ({ probability: one.forecast.probability, free: one.free }));
      expect(brierScore(made), `seed ${seed}`).to.be.below(brierScore(known) + 0.003);
    }
  });

  it('have skill at each horizon and length at which anything is free now and then, over base rate and schedule', () => {
    const all = [...labs.values()].flatMap(({ judged }) => judged);
    for (const { horizonDays, length, skillOverBase, skillOverSchedule } of verdictsOn(all)) {
      const where = `${horizonDays} days ahead, ${length / HOUR} hours`;
      expect(skillOverBase, where).to.be.above(0.05);
      expect(skillOverSchedule, where).to.be.above(0.05);
    }
  });

  it('have 80 % intervals that hold the true probability in 78 to 82 % of cases', () => {
    let [within, count] = [0, 0];
    for (const { drawn, judged } of labs.values()) {
      for (const one of judged) {
        if (!one.scheduledFree || one.slot.end - one.slot.start !== 4 * HOUR) continue;
        const [low, high] = one.forecast.interval;
        const truth = truthOf(drawn, one);
        count += 1;
        if (low <= truth && truth <= high) within += 1;
      }
    }
    expect(count).to.be.above(3000);
    expect(within / count).to.be.within(0.78, 0.82);
  });

  it('would fail this, were they always the same', () => {
    const { judged } = labs.get(1)!;
    const share = judged.filter((one) => one.free).length / judged.length;
    // Even the best constant, which only hindsight knows, and what each history before had as its rate.
    for (const constant of [share, 0.5, 0.7, 1]) {
      const constants = judged.map(({ free, forecast: { baseRate } }) => ({
        free,
        forecast: { probability: constant, baseRate },
      }));
      expect(() => {
        expectSkillAndCalibration(constants);
      }, `always ${constant}`).to.throw('skill over the base rate');
    }
    const baseRates = judged.map(({ free, forecast: { baseRate } }) => ({
      free,
      forecast: { probability: baseRate, baseRate },
    }));
    expect(() => {
      expectSkillAndCalibration(baseRates);
    }).to.throw('skill over the base rate');
  });

  it('never use what came later: the same is forecast when the future is another', () => {
    const { drawn, judged } = labs.get(2)!;
    const { cutoff } = judged[0]!;
    const otherFuture: BookingHistory = {
      ...drawn.history,
      bookings: drawn.history.bookings
        .filter((booking) => booking.createdAt <= cutoff)
        .map((booking) => ((booking.releasedAt ?? 0) > cutoff ? { ...booking, releasedAt: null } : booking)),
    };
    const again = walkForward(otherFuture, cutoff + 40 * DAY, drawn.zone, { ...plan, everyDays: 1000 });
    const first = judged.filter((one) => one.cutoff === cutoff);
    expect(again.map((one) => one.forecast)).to.deep.equal(first.map((one) => one.forecast));
  });
});

const truthOf = (drawn: DrawnHistory, { deviceId, slot, cutoff }: JudgedForecast): number => {
  const blockers = bookingsOf(drawn.history, deviceId).filter(
    (booking) => overlaps(booking.slot, slot) && holdsAt(booking, cutoff),
  );
  return drawn.truth(deviceId, slot, blockers, cutoff);
};

const byDevice = new WeakMap<BookingHistory, Map<number, BookingHistory['bookings'][number][]>>();

const bookingsOf = (history: BookingHistory, deviceId: number) => {
  let index = byDevice.get(history);
  if (!index) {
    index = new Map();
    for (const booking of history.bookings) {
      const own = index.get(booking.deviceId);
      if (own) own.push(booking);
      else index.set(booking.deviceId, [booking]);
    }
    byDevice.set(history, index);
  }
  return index.get(deviceId) ?? [];
};

describe('where history says nothing', () => {
  const zone = new LabZone('UTC');
  const asked = { deviceId: 1, type: 'Type 1', blockers: [] };

  it('the base rate is answered, and said to be it, of a lab in which all devices and times are alike', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const alike = { ...usualStructure, devicesEach: 8, spread: { type: 0, device: 0, cell: 0, own: 0 }, dayNight: 0 };
      const { history, until } = drawnHistory(seed, alike);
      const model = new ForecastModel(asKnownAt(history, until), until, zone);
      const slot = { start: until + 40 * DAY, end: until + 40 * DAY + 4 * HOUR };
      const { probability, baseRate, method, interval } = model.forecast({ ...asked, slot }, until);
      expect({ method, probability }, `seed ${seed}`).to.deep.equal({ method: 'base-rate', probability: baseRate });
      expect(interval[0]).to.be.below(baseRate);
      expect(interval[1]).to.be.above(baseRate);
    }
  });

  it('nothing is known of a lab without a past', () => {
    const now = Date.UTC(2026, 0, 5);
    const nothing: BookingHistory = { from: now - 182 * DAY, devices: [], bookings: [], maintenance: [] };
    const slot = { start: now + DAY, end: now + 2 * DAY };
    const forecast = new ForecastModel(nothing, now, zone).forecast({ ...asked, slot }, now);
    expect(forecast).to.include({ probability: 0.5, baseRate: 0.5, method: 'base-rate', sampleSize: 1 });
    expect(forecast.interval[1] - forecast.interval[0]).to.be.above(0.9);
  });

  it('what is booked is not free, however the lab is: only if it is given up', () => {
    const { history, until } = drawnHistory(1);
    const model = new ForecastModel(asKnownAt(history, until), until, zone);
    const slot = { start: until + 3 * DAY, end: until + 3 * DAY + 4 * HOUR };
    const booked = (groupId: string) => ({ groupId, slot, createdAt: until - DAY });
    const given = (...groupIds: string[]) =>
      model.forecast({ ...asked, slot, blockers: groupIds.map(booked) }, until).probability;
    // Two days in a hundred: 1 - 0.98^3.
    expect(given('a')).to.be.within(0.02, 0.08);
    expect(given('a', 'b')).to.be.below(given('a') / 5);
    // What one request booked is given up together.
    expect(given('a', 'a')).to.equal(given('a'));
    const running = { groupId: 'c', slot: { start: until - HOUR, end: until + HOUR }, createdAt: until - DAY };
    const now = { start: until, end: until + 4 * HOUR };
    expect(model.forecast({ ...asked, slot: now, blockers: [running] }, until)).to.deep.include({
      probability: 0,
      interval: [0, 0],
    });
  });
});

describe('scores', () => {
  const four = [
    { probability: 0.9, free: true },
    { probability: 0.9, free: false },
    { probability: 0.2, free: false },
    { probability: 0, free: false },
  ];

  it('are what one gets by hand', () => {
    expect(brierScore(four)).to.be.closeTo((0.01 + 0.81 + 0.04 + 0) / 4, 1e-12);
    expect(logLoss(four)).to.be.closeTo(-(Math.log(0.9) + Math.log(0.1) + Math.log(0.8) + Math.log(0.9999)) / 4, 1e-9);
    expect(calibrationError(four)).to.be.closeTo((2 * 0.4 + 0.2 + 0) / 4, 1e-12);
    expect(reliability(four)[9]).to.deep.equal({ count: 2, forecast: 0.9, observed: 0.5 });
    expect(reliability(four).map(({ count }) => count)).to.deep.equal([1, 0, 1, 0, 0, 0, 0, 0, 0, 2]);
    expect(skillOver(0.2, 0.1)).to.equal(0.5);
  });

  it('say nothing of no forecasts', () => {
    expect([brierScore([]), calibrationError([]), skillOver(0, 0)]).to.deep.equal([0, 0, 0]);
  });
});

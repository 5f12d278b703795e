import { z } from 'zod';
import type { ForecastAvailability } from '../../../application/forecast/index.js';
import { isoOf, type LabZone } from '../../../domain/index.js';
import type { Api } from '../shared/api.js';
import { idOrText, instant, isoText } from '../shared/fields.js';

export interface ForecastUseCases {
  readonly forecastAvailability: ForecastAvailability;
}

const MOST_DEVICES = 1000;

const share = z.number().min(0).max(1);

const Forecast = z
  .object({
    device_id: z.int(),
    availability_probability: share,
    /** 1 less the width of the interval. */
    confidence: share,
    factors: z.array(z.string()),
    earliest_available_slot: isoText.nullable(),
    interval: z.object({ level: z.literal(0.8), low: share, high: share }),
    base_rate: share.nullable(),
    effective_sample_size: z.int().nullable(),
    method: z.enum(['known', 'history', 'base-rate']),
  })
  .openapi('AvailabilityForecast');

/** How likely devices can be had. */
export const forecastRoutes = (api: Api, { forecastAvailability }: ForecastUseCases, zone: LabZone): Api =>
  api.signedIn({
    method: 'post',
    paths: ['/availability/forecast'],
    tag: 'Free time',
    summary: 'How likely devices are free at some time, from what is booked and from what became of such times before',
    body: z.object({
      device_ids: z.array(idOrText).max(MOST_DEVICES),
      start_time: instant(zone),
      end_time: instant(zone),
      forecast_window_days: z
        .int()
        .min(1)
        .max(3660)
        .nullish()
        .openapi({ description: 'Kept for old clients. How much history counts is chosen by how well it forecasts.' }),
    }),
    refusals: [400],
    reply: {
      status: 200,
      schema: z.object({ forecasts: z.array(Forecast) }),
      description: 'For each known device that was asked for, in that order; unknown ids are left out',
    },
    handle: async ({ body }) => {
      const forecasts = await forecastAvailability.execute(body.device_ids, body.start_time, body.end_time);
      return {
        forecasts: forecasts.map(({ deviceId, probability, interval: [low, high], earliest, ...forecast }) => ({
          device_id: deviceId,
          availability_probability: probability,
          confidence: forecast.confidence,
          factors: [...forecast.factors],
          earliest_available_slot: earliest && isoOf(earliest.start),
          interval: { level: 0.8 as const, low, high },
          base_rate: forecast.baseRate,
          effective_sample_size: forecast.sampleSize,
          method: forecast.method,
        })),
      };
    },
  });

import { z } from 'zod';
import { day } from '../ops/clock.js';
import type { Schedule } from '../payments/schedule.js';
import { defaultSchedule } from '../payments/schedule.js';
import { jsonVariable } from './json-variable.js';

const duration = (min: number) =>
  z
    .int()
    .min(min, `expected at least ${min} ms`)
    .max(400 * day);
const durations = z
  .array(duration(1_000))
  .min(1)
  .max(20)
  .refine((list) => list.every((ms, index) => index === 0 || ms >= (list[index - 1] ?? 0)), {
    error: 'expected rising durations',
  });

/** What may be overridden, each with the least that is safe at the providers. */
const overrides = z.strictObject({
  openForMs: duration(60_000).exactOptional(),
  attemptDeadlineMs: duration(60_000).exactOptional(),
  lookupsAfterLaunchMs: durations.exactOptional(),
  lookupAfterExpiryMs: duration(1_000).exactOptional(),
  accountLookupMs: duration(1_000).exactOptional(),
  accountGraceMs: duration(0).exactOptional(),
  // Below, a call that is still running could be looked up and worked on twice.
  confirmHoldMs: duration(10_000).exactOptional(),
  unknownBackoffMs: durations.exactOptional(),
  refundBackoffMs: durations.exactOptional(),
  newTryAfterMs: duration(30_000).exactOptional(),
  refundGapMs: duration(1_000).exactOptional(),
  leaseMs: duration(30_000).exactOptional(),
}) satisfies z.ZodType<Partial<Schedule>>;

/** `SCHEDULE`: JSON with the durations (ms) that shall differ from the default. */
export const scheduleVariable = jsonVariable('{"openForMs": 1800000}')
  .pipe(overrides)
  .transform((given): Schedule => ({ ...defaultSchedule, ...given }));

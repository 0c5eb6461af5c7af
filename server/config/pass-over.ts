import { z } from 'zod';
import { defaultPassingOver, type PassingOver } from '../checkout/passing-over.js';
import { day } from '../ops/clock.js';
import { jsonVariable } from './json-variable.js';

const count = z.int().min(1, 'expected at least 1').max(1_000);
const duration = z
  .int()
  .min(1_000, 'expected at least 1000 ms')
  .max(1 * day);

const overrides = z.strictObject({
  failures: count.exactOptional(),
  sessions: count.exactOptional(),
  withinMs: duration.exactOptional(),
  pauseMs: duration.exactOptional(),
}) satisfies z.ZodType<Partial<PassingOver>>;

/** `PASS_OVER`: JSON with what shall differ from the default. */
export const passOverVariable = jsonVariable('{"failures": 3}')
  .pipe(overrides)
  .transform((given): PassingOver => ({ ...defaultPassingOver, ...given }));

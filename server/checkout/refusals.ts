import type { ApiError as Problem } from '../http/problem.js';
import { ApiError } from '../http/problem.js';
import type { Refusal } from '../payments/attempts.js';
import { maxAttempts } from '../payments/payment.js';

const details: Readonly<Record<Refusal, string>> = {
  payment_already_paid: 'This session was paid; nothing more can be started on it.',
  session_canceled: 'Make a new session.',
  session_expired: 'The time to start a payment is over; make a new session.',
  payment_in_progress: 'A payment of this session is being decided; ask for its status until it is.',
  too_many_attempts: `A session takes at most ${maxAttempts} attempts; make a new one.`,
};

/** Why nothing was started, as the API says it. */
export const refusal = (why: Refusal): Problem => new ApiError(why, details[why]);

import { ApiError } from '../http/problem.js';
import { type Route, route } from '../http/route.js';
import { othersToken } from '../merchants/shopper-tokens.js';
import type { PaymentDeps } from './deps.js';
import { myPayments } from './my-payments.js';
import { myPaymentsQuery, myPaymentsSchema } from './schema.js';

/** What a signed-in shopper reads of their own payments. */
export function myPaymentRoutes(deps: PaymentDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/me/payments',
      tag: 'Shopper',
      summary: "The signed-in shopper's own payments, newest first",
      description:
        'With `seen` (the `version` of the page that you have) and `wait`, it answers as soon as the page shows anything else.',
      callers: ['shopper'],
      query: myPaymentsQuery,
      responses: { 200: { description: 'A page', schema: myPaymentsSchema } },
      async handle(input) {
        const { merchant, customer } = input.caller;
        const { merchant: expected, seen, wait = 0, ...query } = input.query;
        if (expected !== undefined && expected !== merchant.publishableKey)
          throw new ApiError('customer_token_invalid', othersToken);
        const mine = { ...query, merchant, customer };
        const waiting = { seen, seconds: wait, signal: input.signal };
        return { status: 200, body: await myPayments(deps, mine, waiting) };
      },
    }),
  ];
}

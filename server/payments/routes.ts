import { ApiError } from '../http/problem.js';
import { type Route, route } from '../http/route.js';
import type { Clock } from '../ops/clock.js';
import type { PaymentCollection } from './deps.js';
import { findPayments } from './history.js';
import { pageOf, paymentParams, paymentRowSchema, paymentSchema, paymentsQuery } from './schema.js';
import { paymentRow, paymentView } from './views.js';

/** What the merchant's backend reads. */
export function paymentRoutes({ payments, clock }: { payments: PaymentCollection; clock: Clock }): Route[] {
  return [
    route({
      method: 'get',
      path: '/payments',
      tag: 'Payments',
      summary: "The merchant's payments, newest first",
      description:
        'Filters are applied while scanning at most 1,000 payments a page: a short page can still have a `next`.',
      callers: ['secret'],
      query: paymentsQuery,
      responses: { 200: { description: 'A page', schema: pageOf(paymentRowSchema) } },
      async handle({ caller, query }) {
        const now = clock.now();
        const page = await findPayments(payments, { merchant: caller.merchant.id, ...query }, now);
        return { status: 200, body: { ...page, data: page.data.map((payment) => paymentRow(payment, now)) } };
      },
    }),
    route({
      method: 'get',
      path: '/payments/:id',
      tag: 'Payments',
      summary: 'One payment, with its whole timeline',
      callers: ['secret'],
      params: paymentParams,
      responses: { 200: { description: 'The payment', schema: paymentSchema } },
      async handle({ caller, params }) {
        const payment = await payments.get(params.id);
        if (payment?.merchant !== caller.merchant.id) throw new ApiError('payment_not_found');
        return { status: 200, body: paymentView(payment, clock.now()) };
      },
    }),
  ];
}

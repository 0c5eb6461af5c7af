import type { Caller } from '../http/caller.js';
import { ApiError } from '../http/problem.js';
import { type Route, route } from '../http/route.js';
import type { Payment } from './payment.js';
import { accountRefusal, accountReply, refundRefusal, refundReply } from './refund-answers.js';
import { createRefundInput, refundAccountInput, refundParams } from './refund-schema.js';
import { giveRefundAccount, type RefundingDeps, refundPayment } from './refunding.js';
import { paymentParams, refundSchema } from './schema.js';
import { refundView } from './views.js';

const tag = 'Refunds';
const responses = {
  200: { description: 'Done: the provider says that the money went back', schema: refundSchema },
  202: {
    description: 'Under way, or waiting for an account of the buyer (`needsAccount`): it goes on by itself, ask again',
    schema: refundSchema,
  },
};

/** Giving money back: for the merchant's backend, and for signed-in shoppers as far as the merchant lets them. */
export function refundRoutes(deps: RefundingDeps): Route[] {
  /** Whose it is not hears what they would hear if there were none. */
  const paymentFor = async (caller: Extract<Caller, { kind: 'secret' | 'shopper' }>, id: string): Promise<Payment> => {
    const payment = await deps.payments.get(id);
    const isTheirs =
      payment?.merchant === caller.merchant.id && (caller.kind === 'secret' || payment.customer === caller.customer);
    if (!payment || !isTheirs) throw new ApiError('payment_not_found');
    return payment;
  };

  return [
    route({
      method: 'post',
      path: '/payments/:id/cancel',
      tag,
      summary: 'Give money of a paid payment back, all that is left or a part',
      description:
        'Repeat it under the same Idempotency-Key until it is done. An unpaid payment is ended with `POST /payments/sessions/{id}/cancel`. A shopper (JWT) cancels their own payments, as far as the merchant lets them: `cancelable` in `GET /me/payments`.',
      callers: ['secret', 'shopper'],
      params: paymentParams,
      body: createRefundInput,
      idempotencyKey: 'required',
      responses,
      async handle({ caller, params, body, idempotencyKey, signal }) {
        const payment = await paymentFor(caller, params.id);
        const by = { ...caller, idempotencyKey: idempotencyKey as string };
        const refunded = await refundPayment(deps, payment, body, by, signal);
        if (!refunded.ok) throw refundRefusal(refunded.why, payment);
        return refundReply(refunded.refund);
      },
    }),
    route({
      method: 'get',
      path: '/payments/:id/refunds/:refund',
      tag,
      summary: 'One refund as it stands',
      callers: ['secret', 'shopper'],
      params: refundParams,
      responses: { 200: { description: 'The refund, failed ones too', schema: refundSchema } },
      async handle({ caller, params }) {
        const payment = await paymentFor(caller, params.id);
        const refund = payment.refunds.find((one) => one.id === params.refund);
        if (!refund) throw accountRefusal({ code: 'refund_not_found' });
        return { status: 200, body: refundView(refund) };
      },
    }),
    route({
      method: 'post',
      path: '/payments/:id/refunds/:refund/account',
      tag,
      summary: "Name the buyer's account for a refund that waits for one",
      callers: ['secret', 'shopper'],
      params: refundParams,
      body: refundAccountInput,
      responses,
      async handle({ caller, params, body, signal }) {
        const payment = await paymentFor(caller, params.id);
        const given = await giveRefundAccount(deps, payment, params.refund, body, signal);
        if (!given.ok) throw accountRefusal(given.why);
        return accountReply(given.refund);
      },
    }),
  ];
}

import { z } from 'zod';
import { idField } from '../http/fields.js';
import { type Route, route } from '../http/route.js';
import { accountRefusal, accountReply } from '../payments/refund-answers.js';
import { refundAccountInput } from '../payments/refund-schema.js';
import { giveRefundAccount } from '../payments/refunding.js';
import { openFor } from './access.js';
import type { CheckoutDeps } from './deps.js';
import { sessionSchema } from './schema.js';
import { sessionView } from './session-view.js';

/** What a shopper can do for their money to come back. */
export function shopperRefundRoutes(deps: CheckoutDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/payments/sessions/:id/refunds/:refund/account',
      tag: 'Refunds',
      summary: 'The shopper names the account that a deposit goes back to',
      callers: ['session'],
      params: z.strictObject({ id: idField('cs'), refund: idField('rf') }),
      body: refundAccountInput,
      responses: {
        200: { description: 'The money went back', schema: sessionSchema },
        202: { description: 'On its way: see `refunds` of the session', schema: sessionSchema },
      },
      async handle({ caller, params, body, signal }) {
        const { payment, merchant } = await openFor(deps, caller, params.id);
        const given = await giveRefundAccount(deps, payment, params.refund, body, signal);
        if (!given.ok) throw accountRefusal(given.why);
        return accountReply(given.refund, sessionView(deps, merchant, given.payment));
      },
    }),
  ];
}

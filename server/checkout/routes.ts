import { z } from 'zod';
import { locales } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { Reply } from '../http/route.js';
import { type Route, route } from '../http/route.js';
import { itemId } from '../merchants/catalogue.js';
import type { Merchant } from '../merchants/merchant.js';
import type { Payment } from '../payments/payment.js';
import { openFor } from './access.js';
import { createForMerchant, createForPage, type Opened } from './create.js';
import type { CheckoutDeps } from './deps.js';
import { choosesInside, methodsOf } from './offers.js';
import { prepareSession } from './prepare.js';
import {
  catalogueSchema,
  createInput,
  createMerchantInput,
  launchedInput,
  openedSchema,
  patchInput,
  prepareAgainInput,
  sessionParams,
  sessionSchema,
  verifyInput,
  waitQuery,
} from './schema.js';
import { cancelSession, currentPayment, patchSession, reportLaunched, waitForNews } from './session.js';
import { resultView, sessionView, withSecret } from './session-view.js';
import { verifySession } from './verify.js';

const tag = 'Checkout';
const opened = {
  200: { description: 'A repeat: the session that the first call made', schema: openedSchema },
  201: { description: 'The session, with its client secret', schema: openedSchema },
};
const session = { 200: { description: 'The session', schema: sessionSchema } };

/** The shopper's way to a payment. */
export function checkoutRoutes(deps: CheckoutDeps): Route[] {
  const view = (merchant: Merchant, payment: Payment) => sessionView(deps, merchant, payment);
  const answer = (merchant: Merchant, { payment, launch, made }: Opened): Reply => ({
    status: made ? 201 : 200,
    body: { ...withSecret(deps, view(merchant, payment)), ...(launch && { launch }) },
  });

  return [
    route({
      method: 'get',
      path: '/catalog/:item',
      tag,
      summary: 'What a page may show of an item: name, price, methods',
      callers: 'anyone',
      params: z.strictObject({ item: z.string().regex(itemId, 'expected the id of a catalogue item') }),
      query: z.strictObject({ merchant: z.string().min(1).max(200) }),
      responses: { 200: { description: 'The item', schema: catalogueSchema } },
      async handle({ params, query }) {
        const merchant = deps.merchants.byPublishableKey(query.merchant);
        const item = merchant?.catalogue.get(params.item);
        if (!merchant) throw new ApiError('not_found', 'No merchant has this publishable key (query: merchant).');
        if (!item) throw new ApiError('item_not_found', `"${params.item}" is not in this merchant's catalogue.`);
        const methods = methodsOf(deps.providers, merchant, item.currency);
        const inside = choosesInside(deps.providers, merchant, item.currency) && { choosesInside: true };
        const body = { ...item, methods, ...inside, locales, merchant: { name: merchant.name } };
        return { status: 200, body, headers: { 'Cache-Control': 'public, max-age=60' } };
      },
    }),
    route({
      method: 'post',
      path: '/payments/sessions',
      tag,
      summary: 'Open a session from a page: the catalogue decides the price',
      callers: ['publishable'],
      body: createInput,
      responses: opened,
      async handle({ caller, body, idempotencyKey }) {
        return answer(caller.merchant, await createForPage(deps, caller.merchant, body, idempotencyKey));
      },
    }),
    route({
      method: 'post',
      path: '/payments/sessions',
      tag,
      summary: 'Open a session from the backend: items, or any amount, with a reference of its own',
      callers: ['secret'],
      body: createMerchantInput,
      responses: opened,
      async handle({ caller, body, idempotencyKey }) {
        return answer(caller.merchant, await createForMerchant(deps, caller.merchant, body, idempotencyKey));
      },
    }),
    route({
      method: 'get',
      path: '/payments/sessions/:id',
      tag,
      summary: 'The session as it stands; with `after` and `wait`, as soon as it changes',
      callers: ['session', 'return', 'secret'],
      params: sessionParams,
      query: waitQuery,
      responses: session,
      async handle({ caller, params, query, signal }) {
        const { payment, merchant } = await openFor(deps, caller, params.id);
        const current = await currentPayment(deps, payment);
        const { after, wait: seconds = 0 } = query;
        const news = await waitForNews(deps, current, { after, seconds, signal });
        const body = view(merchant, news);
        return { status: 200, body: caller.kind === 'return' ? resultView(body) : body };
      },
    }),
    route({
      method: 'patch',
      path: '/payments/sessions/:id',
      tag,
      summary: "Change the buyer's data, or the quantity before a window was opened",
      callers: ['session'],
      params: sessionParams,
      body: patchInput,
      responses: session,
      async handle({ caller, params, body }) {
        const { payment, merchant } = await openFor(deps, caller, params.id);
        return { status: 200, body: view(merchant, await patchSession(deps, merchant, payment, body)) };
      },
    }),
    route({
      method: 'post',
      path: '/payments/sessions/:id/prepare',
      tag,
      summary: "Make an attempt and get what opens the provider's window",
      callers: ['session', 'secret'],
      params: sessionParams,
      description:
        'Repeat it until the window was opened. With `unavailable` where the page can not load the script: another channel that has the method is used, where there is one.',
      body: prepareAgainInput,
      responses: { 200: { description: 'The session with its launch', schema: openedSchema } },
      async handle({ caller, params, body }) {
        const found = await openFor(deps, caller, params.id);
        const current = await currentPayment(deps, found.payment);
        const { payment, launch } = await prepareSession(deps, found.merchant, current, body);
        return { status: 200, body: { ...view(found.merchant, payment), launch } };
      },
    }),
    route({
      method: 'post',
      path: '/payments/sessions/:id/launched',
      tag,
      summary: 'The window was opened (sent in the click, not waited for)',
      callers: ['session'],
      params: sessionParams,
      body: launchedInput,
      responses: { 204: { description: 'Noted' } },
      async handle({ caller, params, body }) {
        const { payment } = await openFor(deps, caller, params.id);
        await reportLaunched(deps, payment, body.attempt);
        return { status: 204 };
      },
    }),
    route({
      method: 'post',
      path: '/payments/sessions/:id/cancel',
      tag,
      summary: 'End an unpaid session',
      callers: ['session', 'secret'],
      params: sessionParams,
      responses: session,
      async handle({ caller, params }) {
        const { payment, merchant } = await openFor(deps, caller, params.id);
        return { status: 200, body: view(merchant, await cancelSession(deps, payment)) };
      },
    }),
    route({
      method: 'post',
      path: '/payments/verify',
      tag,
      summary: 'Look now: ask the provider, and for the money if the shopper agreed',
      description: 'What the browser sends beside `session` is a hint, never evidence. Repeat it as often as you like.',
      callers: ['session', 'return', 'secret'],
      body: verifyInput,
      responses: {
        200: { description: 'How it stands', schema: sessionSchema },
        202: { description: 'Not known yet: ask again after Retry-After', schema: sessionSchema },
      },
      async handle({ caller, body }) {
        const { payment, merchant } = await openFor(deps, caller, body.session);
        const verified = await verifySession(deps, payment, body);
        const full = view(merchant, verified.payment);
        const shown = caller.kind === 'return' ? resultView(full) : full;
        return verified.retryAfter === undefined
          ? { status: 200, body: shown }
          : { status: 202, body: shown, headers: { 'Retry-After': String(verified.retryAfter) } };
      },
    }),
  ];
}

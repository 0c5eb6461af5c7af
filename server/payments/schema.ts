import { z } from 'zod';
import type {
  AccountView,
  AttemptView,
  Buyer,
  FailureView,
  Line,
  LocalText,
  MyPaymentRow,
  MyPayments,
  PaymentRow,
  PaymentView,
  ReceiptView,
  RefundView,
  ShopperRefundView,
  TransitionView,
} from '../../contract/index.js';
import {
  attemptStates,
  attentions,
  closingStates,
  currencies,
  locales,
  methods,
  paymentStatuses,
  providers,
  refundBlocks,
  refundCauses,
  refundStates,
} from '../../contract/index.js';
import { idField, limitField, waitField } from '../http/fields.js';

const time = z.iso.datetime();
const minor = z.int().meta({ description: 'Minor units of the currency beside it' });

export const localTextSchema = z.object({
  ko: z.string(),
  en: z.string().exactOptional(),
}) satisfies z.ZodType<LocalText>;

export const lineSchema = z.object({
  item: z.string().exactOptional(),
  name: localTextSchema,
  quantity: z.int(),
  price: minor,
}) satisfies z.ZodType<Line>;

export const buyerSchema = z.object({
  name: z.string().exactOptional(),
  email: z.string().exactOptional(),
  phone: z.string().exactOptional(),
  address: z.string().exactOptional(),
  addressDetail: z.string().exactOptional(),
  postcode: z.string().exactOptional(),
}) satisfies z.ZodType<Buyer>;

export const attemptSchema = z.object({
  no: z.int(),
  orderId: z.string(),
  provider: z.enum(providers),
  method: z.enum(methods).exactOptional(),
  state: z.enum(attemptStates),
}) satisfies z.ZodType<AttemptView>;

export const accountSchema = z.object({
  bank: z.string(),
  number: z.string(),
  holder: z.string().exactOptional(),
  dueAt: time.exactOptional(),
}) satisfies z.ZodType<AccountView>;

export const failureSchema = z.object({
  code: z.string(),
  message: z.string().exactOptional(),
  retryable: z.boolean(),
}) satisfies z.ZodType<FailureView>;

export const receiptSchema = z.object({
  paidAt: time,
  method: z.enum(methods).exactOptional(),
  card: z
    .object({
      issuer: z.string().exactOptional(),
      last4: z.string().exactOptional(),
      installmentMonths: z.int().exactOptional(),
    })
    .exactOptional(),
  url: z.string().exactOptional(),
}) satisfies z.ZodType<ReceiptView>;

export const shopperRefundSchema = z.object({
  id: z.string(),
  amount: minor,
  currency: z.string(),
  state: z.enum(refundStates),
  needsAccount: z.boolean(),
  account: z.object({ bank: z.string(), last4: z.string() }).exactOptional(),
  requestedAt: time,
  failure: failureSchema.exactOptional(),
}) satisfies z.ZodType<ShopperRefundView>;

export const refundSchema = shopperRefundSchema.extend({
  cause: z.enum(refundCauses),
  by: z.literal('shopper').exactOptional(),
  attempt: z.int(),
  reason: z.string().exactOptional(),
  blocked: z.enum(refundBlocks).exactOptional(),
}) satisfies z.ZodType<RefundView>;

const transitionSchema = z.object({
  at: time,
  what: z.string(),
  from: z.string().exactOptional(),
  to: z.string(),
  trigger: z.string(),
  note: z.string().exactOptional(),
}) satisfies z.ZodType<TransitionView>;

const base = {
  id: z.string(),
  session: z.string(),
  status: z.enum(paymentStatuses),
  amount: minor,
  currency: z.enum(currencies),
  refundedAmount: minor,
  orderName: z.string(),
  provider: z.enum(providers).exactOptional(),
  method: z.enum(methods).exactOptional(),
  createdAt: time,
  paidAt: time.exactOptional(),
};

export const paymentRowSchema = z.object({
  ...base,
  reference: z.string().exactOptional(),
  customer: z.string().exactOptional(),
  attention: z.enum(attentions).exactOptional(),
}) satisfies z.ZodType<PaymentRow>;

export const myPaymentRowSchema = z.object({
  ...base,
  processing: z.boolean(),
  receipt: receiptSchema.exactOptional(),
  account: accountSchema.exactOptional(),
  cancelable: z.object({ until: time, amount: minor, partial: z.boolean() }).exactOptional(),
  refunds: z.array(shopperRefundSchema.extend({ extra: z.literal(true).exactOptional() })).exactOptional(),
}) satisfies z.ZodType<MyPaymentRow>;

export const myPaymentsSchema = z.object({
  data: z.array(myPaymentRowSchema),
  next: z.string().exactOptional(),
  version: z.string(),
}) satisfies z.ZodType<MyPayments>;

export const paymentSchema = paymentRowSchema.extend({
  lines: z.array(lineSchema),
  locale: z.enum(locales),
  buyer: buyerSchema.exactOptional(),
  metadata: z.record(z.string(), z.string()).exactOptional(),
  openUntil: time.exactOptional(),
  attempts: z.array(
    attemptSchema.extend({
      amount: minor,
      superseded: z.literal(true).exactOptional(),
      record: z.string().exactOptional(),
      failure: failureSchema.exactOptional(),
      account: accountSchema.exactOptional(),
      closing: z.enum(closingStates).exactOptional(),
      launchedAt: time.exactOptional(),
      deadline: time.exactOptional(),
    }),
  ),
  receipt: receiptSchema.exactOptional(),
  refunds: z.array(refundSchema),
  timeline: z.array(transitionSchema),
}) satisfies z.ZodType<PaymentView>;

export const pageOf = <S extends z.ZodType>(row: S) =>
  z.object({ data: z.array(row), next: z.string().exactOptional() });

export const paymentParams = z.strictObject({ id: idField('pay') });

const date = z.iso
  .datetime({ offset: true, error: 'expected an RFC 3339 time such as 2026-01-31T00:00:00Z' })
  .transform((text) => Date.parse(text));

const listing = { limit: limitField(100, 20), after: z.string().max(500).exactOptional() };

const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');

export const myPaymentsQuery = z.strictObject({
  ...listing,
  merchant: z
    .string()
    .max(200)
    .regex(/^pk_/, 'expected a publishable key (pk_…)')
    .exactOptional()
    .meta({ description: "Refused unless the token is of this merchant's shopper" }),
  begun: yesOrNo.exactOptional().meta({
    description: '`true`: without sessions that were merely looked at, where no money moved and no account was issued',
  }),
  seen: z
    .string()
    .regex(/^[\w-]{1,40}$/, 'expected the `version` that was read')
    .exactOptional(),
  wait: waitField.exactOptional(),
});

export const paymentsQuery = z.strictObject({
  ...listing,
  customer: z.string().min(1).max(200).exactOptional(),
  status: z.enum(paymentStatuses).exactOptional(),
  provider: z.enum(providers).exactOptional(),
  method: z.enum(methods).exactOptional(),
  reference: z.string().min(1).max(100).exactOptional(),
  attention: yesOrNo.exactOptional(),
  from: date.exactOptional(),
  to: date.exactOptional(),
});

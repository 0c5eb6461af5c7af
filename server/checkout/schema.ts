import { z } from 'zod';
import type {
  Buyer,
  PatchSession,
  PrepareAgain,
  PrepareSession,
  SessionView,
  VerifySession,
} from '../../contract/index.js';
import { currencies, locales, maxAmount, methods, paymentStatuses, scriptFailures } from '../../contract/index.js';
import { idField, lineField, urlField, waitField } from '../http/fields.js';
import { itemId } from '../merchants/catalogue.js';
import { customerPattern } from '../merchants/shopper-tokens.js';
import { maxAttempts } from '../payments/payment.js';
import {
  accountSchema,
  attemptSchema,
  buyerSchema,
  failureSchema,
  lineSchema,
  localTextSchema,
  receiptSchema,
  shopperRefundSchema,
} from '../payments/schema.js';

/** As people type it: `010-1234-5678`, `+82 (0)10 1234 5678`. Kept as digits with an optional leading +. */
const phoneField = z
  .string()
  .trim()
  .max(40)
  .regex(/^\+?[\d\s().-]+$/, 'expected a phone number such as 010-1234-5678')
  .transform((text) => (text.startsWith('+') ? '+' : '') + text.replace(/\D/g, ''))
  .refine((text) => /^\+?\d{7,15}$/.test(text), { error: 'expected 7 to 15 digits' });

export const buyerInput = z.strictObject({
  name: lineField(100).exactOptional(),
  email: z.email('expected an e-mail address').max(100).exactOptional(),
  phone: phoneField.exactOptional(),
  address: lineField(200).exactOptional(),
  // An empty one takes back what was said before.
  addressDetail: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\r\n\t]*$/, 'expected one line')
    .exactOptional(),
  postcode: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 -]{1,11}$/, 'expected a postcode such as 06236')
    .exactOptional(),
}) satisfies z.ZodType<Buyer>;

const returnUrlsInput = z.strictObject({
  page: urlField.exactOptional(),
  success: urlField.exactOptional(),
  fail: urlField.exactOptional(),
  cancel: urlField.exactOptional(),
});

const itemsInput = z
  .array(
    z.strictObject({
      item: z.string().regex(itemId, 'expected the id of a catalogue item'),
      quantity: z.int().min(1).max(1_000_000).exactOptional(),
    }),
  )
  .min(1)
  .max(20)
  .refine((items) => new Set(items.map(({ item }) => item)).size === items.length, { error: 'names an item twice' });

export const prepareInput = z.strictObject({
  method: z.enum(methods).exactOptional(),
  returnUrl: urlField.exactOptional(),
}) satisfies z.ZodType<PrepareSession>;

export const prepareAgainInput = prepareInput.extend({
  unavailable: z
    .strictObject({ attempt: z.int().min(1).max(maxAttempts), code: z.enum(scriptFailures) })
    .exactOptional(),
}) satisfies z.ZodType<PrepareAgain>;

const opening = {
  buyer: buyerInput.exactOptional(),
  locale: z.enum(locales).exactOptional(),
  returnUrls: returnUrlsInput.exactOptional(),
  prepare: prepareInput.exactOptional(),
};

/** From a page: which items and how many, never what they cost. */
export const createInput = z.strictObject({
  items: itemsInput,
  customerToken: z.string().min(1).max(4_000).exactOptional(),
  ...opening,
});
export type CreateInput = z.output<typeof createInput>;

const metadataInput = z
  .record(z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/, 'expected up to 40 letters, digits, . _ -'), z.string().max(500))
  .refine((data) => Object.keys(data).length <= 20, { error: 'expected at most 20 entries' });

/** From the merchant's backend: items, or any amount with its name. */
export const createMerchantInput = z
  .strictObject({
    items: itemsInput.exactOptional(),
    amount: z.int().min(1).max(maxAmount).exactOptional(),
    currency: z.enum(currencies).exactOptional(),
    orderName: lineField(100).exactOptional(),
    reference: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/, 'expected up to 100 letters, digits, . _ : -')
      .exactOptional(),
    customer: z.string().regex(customerPattern, 'expected 1 to 200 visible characters').exactOptional(),
    metadata: metadataInput.exactOptional(),
    ...opening,
  })
  .superRefine((body, context) => {
    const priced = [body.amount, body.currency, body.orderName].filter((value) => value !== undefined).length;
    if (body.items ? priced === 0 : priced === 3) return;
    const message = 'expected either `items`, or `amount`, `currency` and `orderName` together';
    context.addIssue({ code: 'custom', path: [body.items ? 'items' : 'amount'], message });
  });
export type CreateMerchantInput = z.output<typeof createMerchantInput>;

export const sessionParams = z.strictObject({ id: idField('cs') });

export const waitQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,12}$/, 'expected the `rev` that was read')
    .transform(Number)
    .exactOptional(),
  wait: waitField.exactOptional(),
});

export const patchInput = z.strictObject({
  buyer: buyerInput.exactOptional(),
  quantity: z.int().min(1).max(1_000_000).exactOptional(),
}) satisfies z.ZodType<PatchSession>;

export const launchedInput = z.strictObject({ attempt: z.int().min(1).max(99) });

/** The Toss return URL's amount comes as text, the script's as a number. */
const returnedAmount = z
  .union([z.number(), z.string().regex(/^\d{1,12}(\.\d{1,2})?$/, 'expected an amount')])
  .transform(Number)
  .refine((value) => Number.isFinite(value) && value >= 0, { error: 'expected an amount' });

export const verifyInput = z.strictObject({
  session: idField('cs'),
  orderId: z.string().min(1).max(64).exactOptional(),
  paymentKey: z
    .string()
    .regex(/^[A-Za-z0-9_=.-]{1,200}$/, 'expected the key that the provider returned')
    .exactOptional(),
  txId: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'expected the txId that the provider returned')
    .exactOptional(),
  impUid: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,99}$/, 'expected the imp_uid that the provider returned')
    .exactOptional(),
  paymentToken: z
    .string()
    .regex(/^[\x21-\x7e]{1,4096}$/, 'expected the paymentToken that the provider returned')
    .exactOptional(),
  amount: returnedAmount.exactOptional(),
  paymentType: z.string().max(40).exactOptional(),
  code: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, "expected the provider's code")
    .exactOptional(),
  message: z.string().max(1_000).exactOptional(),
}) satisfies z.ZodType<VerifySession>;
export type VerifyInput = z.output<typeof verifyInput>;

const time = z.iso.datetime();

export const sessionSchema = z.object({
  id: z.string(),
  payment: z.string(),
  mode: z.literal('payment'),
  status: z.enum(paymentStatuses),
  processing: z.boolean(),
  amount: z.int(),
  currency: z.enum(currencies),
  refundedAmount: z.int(),
  orderName: z.string(),
  lines: z.array(lineSchema).readonly(),
  locale: z.enum(locales),
  merchant: z.object({ name: localTextSchema }),
  methods: z.array(z.enum(methods)).readonly(),
  openUntil: time.exactOptional(),
  buyer: buyerSchema.exactOptional(),
  returnUrls: z
    .object({
      success: z.string().exactOptional(),
      fail: z.string().exactOptional(),
      cancel: z.string().exactOptional(),
    })
    .exactOptional(),
  attempt: attemptSchema.exactOptional(),
  account: accountSchema.exactOptional(),
  failure: failureSchema.exactOptional(),
  receipt: receiptSchema.exactOptional(),
  refunds: z.array(shopperRefundSchema).exactOptional(),
  rev: z.int(),
}) satisfies z.ZodType<SessionView>;

export const openedSchema = sessionSchema.extend({
  clientSecret: z.string().exactOptional(),
  launch: z.record(z.string(), z.unknown()).exactOptional().meta({
    description: "What the browser needs to open the provider's window; its shape depends on `provider`",
  }),
});

export const catalogueSchema = z.object({
  id: z.string(),
  kind: z.literal('product'),
  name: localTextSchema,
  price: z.int(),
  currency: z.enum(currencies),
  image: z.string().exactOptional(),
  minQuantity: z.int(),
  maxQuantity: z.int(),
  methods: z.array(z.enum(methods)),
  choosesInside: z.literal(true).exactOptional(),
  locales: z.array(z.enum(locales)),
  merchant: z.object({ name: localTextSchema }),
});

import { z } from 'zod';
import type { CreateRefund, RefundAccount } from '../../contract/index.js';
import { currencies, maxAmount } from '../../contract/index.js';
import { idField, lineField } from '../http/fields.js';
import { idPattern } from '../ops/ids.js';
import { banks, isBank } from '../providers/banks.js';

const wholeMinor = 'expected a whole number of minor units, at least 1';

const digits = 'expected 6 to 20 digits, with or without dashes';

export const refundAccountInput = z.strictObject({
  bank: z
    .string()
    .refine(isBank, { error: `expected one of ${banks.join(', ')}` })
    .meta({ enum: [...banks] }),
  number: z
    .string()
    .regex(/^[\d\s-]+$/, digits)
    .transform((text) => text.replace(/\D/g, ''))
    .refine((text) => /^\d{6,20}$/.test(text), { error: digits }),
  holder: lineField(60),
}) satisfies z.ZodType<RefundAccount>;

/** Cancellations are recognised by the refund's id in their reason: no other may stand there. */
const reasonField = lineField(200).refine((text) => !new RegExp(`rf_${idPattern}`).test(text), {
  error: "must not hold a refund's id",
});

export const createRefundInput = z.strictObject({
  amount: z.int(wholeMinor).min(1, wholeMinor).max(maxAmount).exactOptional(),
  currency: z.enum(currencies).exactOptional(),
  reason: reasonField.exactOptional(),
  account: refundAccountInput.exactOptional(),
}) satisfies z.ZodType<CreateRefund>;
export type CreateRefundInput = z.output<typeof createRefundInput>;

export const refundParams = z.strictObject({ id: idField('pay'), refund: idField('rf') });

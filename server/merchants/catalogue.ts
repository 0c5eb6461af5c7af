import { z } from 'zod';
import { currencies, maxAmount } from '../../contract/index.js';
import type { CatalogueItem } from './merchant.js';

const visible = /^[^\p{Cc}\p{Cs}]*$/u;

/** A text in Korean and, if it is there, English. A plain string is Korean. */
export const localText = (max: number) => {
  const text = z.string().trim().min(1).max(max).regex(visible, 'has control characters');
  return z.union([text.transform((ko) => ({ ko })), z.strictObject({ ko: text, en: text.exactOptional() })], {
    error: `expected a text of 1 to ${max} characters, or {"ko": "…", "en": "…"}`,
  });
};

export const webUrl = z.string().refine(
  (text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
  },
  { error: 'expected an absolute http(s) URL without a user name' },
);

export const itemId = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const quantity = z.int().min(1).max(9_999);

const itemSchema = z
  .strictObject({
    id: z.string().regex(itemId, 'expected up to 64 letters, digits, - or _'),
    name: localText(100),
    /** Of one, in the currency's minor unit. */
    price: z.int().min(1).max(maxAmount),
    currency: z.enum(currencies).default('KRW'),
    image: webUrl.exactOptional(),
    minQuantity: quantity.default(1),
    maxQuantity: quantity.default(99),
  })
  .refine((item) => item.minQuantity <= item.maxQuantity, {
    path: ['maxQuantity'],
    error: 'expected at least minQuantity',
  })
  .refine((item) => item.price * item.minQuantity <= maxAmount, {
    path: ['price'],
    error: `price × minQuantity is above ${maxAmount}, the largest amount there is`,
  })
  .transform((item): CatalogueItem => ({ ...item, kind: 'product' }));

/** A merchant's catalogue as it is written: a list of items, each id once. */
export const catalogueSchema = z.array(itemSchema).superRefine((items, context) => {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.has(item.id)) {
      context.addIssue({ code: 'custom', path: [index, 'id'], message: `"${item.id}" is there twice` });
    }
    seen.add(item.id);
  });
});

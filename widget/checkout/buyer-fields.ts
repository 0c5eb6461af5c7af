import type { Buyer } from '../../contract/index.js';

/** What a shopper can be asked for, in this order. The last is the line for flat and floor, which comes with the address. */
export const buyerFields = [
  'name',
  'email',
  'phone',
  'postcode',
  'address',
  'addressDetail',
] as const satisfies (keyof Buyer)[];
export type BuyerField = (typeof buyerFields)[number];

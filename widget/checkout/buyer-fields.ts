import type { Buyer } from '../../contract/index.js';

/** What a shopper can be asked for, in this order. */
export const buyerFields = ['name', 'email', 'phone', 'postcode', 'address'] as const satisfies (keyof Buyer)[];
export type BuyerField = (typeof buyerFields)[number];

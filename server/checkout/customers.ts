import { randomUUID } from 'node:crypto';
import { derivedId } from '../ops/ids.js';
import { type Collection, type Doc, define } from '../store/store.js';

/** What a provider knows a shopper by: random, since a key that can be guessed can be abused. One per (merchant, customer). */
export interface CustomerDoc extends Doc {
  readonly merchant: string;
  readonly customer: string;
  readonly customerKey: string;
}

export const customers = define<CustomerDoc>()({ name: 'customers', version: 1, indexes: {} });

export type CustomerCollection = Collection<CustomerDoc, (typeof customers)['indexes']>;

/** Toss's word for a guest: the value of its SDK's constant ANONYMOUS. */
export const anonymousKey = '@@ANONYMOUS';

/** The key of this customer, made at its first payment. Two first payments at once get the same one. */
export async function customerKeyOf(
  collection: CustomerCollection,
  merchant: string,
  customer: string | undefined,
): Promise<string> {
  if (customer === undefined) return anonymousKey;
  const id = `cus_${derivedId('customer', merchant, customer)}`;
  const known = await collection.get(id);
  if (known) return known.customerKey;
  const made = await collection.insert({ id, merchant, customer, customerKey: randomUUID() });
  if (made.ok) return made.doc.customerKey;
  const other = await collection.get(id);
  if (!other) throw new Error('A customer that exists can not be read');
  return other.customerKey;
}

import type { Buyer } from '../../contract/index.js';

/** What is known of a buyer, with what was said now over it. An empty detail line takes back the one before, and is not kept. */
export function mergedBuyer(known: Buyer | undefined, said: Buyer): Buyer {
  const { addressDetail, ...buyer } = { ...known, ...said };
  return addressDetail ? { ...buyer, addressDetail } : buyer;
}

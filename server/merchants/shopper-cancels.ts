import { z } from 'zod';
import { methods } from '../../contract/index.js';
import { minute } from '../ops/clock.js';
import type { CatalogueItem, ShopperCancels } from './merchant.js';
import type { Reading } from './references.js';

const minutes = 'expected whole minutes, 1 to 525600 (a year)';

export const shopperCancelsSchema = z.strictObject({
  withinMinutes: z.int(minutes).min(1, minutes).max(525_600, minutes),
  partial: z.boolean('expected true or false').default(false),
  methods: z.array(z.enum(methods)).min(1, 'expected at least one method').exactOptional(),
  items: z.array(z.string()).min(1, 'expected at least one item').exactOptional(),
});

/** What shoppers may cancel; an item that is not sold is a mistake, not a rule that never holds. */
export function readShopperCancels(
  reading: Reading,
  entry: z.output<typeof shopperCancelsSchema>,
  catalogue: ReadonlyMap<string, CatalogueItem>,
): ShopperCancels {
  entry.items?.forEach((id, index) => {
    if (!catalogue.has(id)) reading.wrong(['shopperCancels', 'items', index], 'expected the id of a catalogue item');
  });
  const { withinMinutes, ...rest } = entry;
  return { ...rest, withinMs: withinMinutes * minute };
}

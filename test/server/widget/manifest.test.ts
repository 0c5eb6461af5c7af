import { expect, test } from 'vitest';
import { documents } from '../../../build/docs.js';
import { elementsOf, readManifest, undescribed } from '../../../build/manifest.js';

test('every attribute, event, slot, part, CSS property, property and method of an element is described', async () => {
  const elements = elementsOf(await readManifest());
  expect(elements.map(({ tagName }) => tagName)).toEqual(['pay-checkout', 'pay-history']);
  expect(undescribed(elements)).toEqual([]);
});

test('the tables in the documents are those of the manifest: `npm run docs` makes them', async () => {
  for (const { file, is, shouldBe } of await documents()) expect(is, file).toBe(shouldBe);
});

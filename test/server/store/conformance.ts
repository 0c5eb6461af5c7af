import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../../../server/store/store.js';
import { bodyCases } from './conformance-bodies.js';
import { findCases } from './conformance-find.js';
import { refusalCases } from './conformance-refusals.js';
import { upgradeCases } from './conformance-upgrade.js';
import { writeCases } from './conformance-writes.js';
import type { Place, Things } from './place.js';
import { things } from './place.js';

/** The promises of the store port, on one engine. `makePlace` gives a new, empty place each time. */
export function storeConformance(engine: Store['engine'], makePlace: () => Promise<Place>): void {
  describe(`store port on ${engine}`, { timeout: 60_000 }, () => {
    let store: Store;
    let collection: Things;
    beforeAll(async () => {
      store = await (await makePlace()).open([things]);
      collection = store.collection(things);
    });
    afterAll(() => store?.close());

    writeCases(() => collection);
    findCases(() => collection);
    bodyCases(() => collection);
    refusalCases(() => collection);
    upgradeCases(makePlace);
  });
}

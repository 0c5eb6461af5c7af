import { describe } from 'vitest';
import { openMongo } from '../../../server/store/mongo.js';
import { freshDatabase, mongoUri } from '../../support/mongo.js';
import { storeConformance } from './conformance.js';

const there = (await mongoUri()) !== undefined;

describe.skipIf(!there)('on a replica set', () => {
  storeConformance('mongo', async () => {
    const uri = await freshDatabase('conformance');
    return { open: (definitions) => openMongo({ uri, definitions }) };
  });
});

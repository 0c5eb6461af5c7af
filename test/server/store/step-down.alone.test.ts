import mongoose from 'mongoose';
import { describe, expect, test } from 'vitest';
import { openMongo } from '../../../server/store/mongo.js';
import { StoreUnavailable } from '../../../server/store/store.js';
import { freshDatabase, mongoUri } from '../../support/mongo.js';
import { things } from './place.js';

const there = (await mongoUri()) !== undefined;

/** What one writer was told about the document it keeps replacing. */
interface Lane {
  readonly id: string;
  answered: number;
  unknown: number;
}

describe.skipIf(!there)('MongoDB while its primary steps down', () => {
  test('no answered write is lost, and whoever got no answer finds out by reading', async () => {
    const uri = await freshDatabase('step_down');
    const store = await openMongo({ uri, definitions: [things] });
    const collection = store.collection(things);
    const spy = await mongoose.createConnection(uri).asPromise();
    const admin = spy.getClient().db('admin');
    const primary = async () => (await admin.command({ hello: 1 })).primary as string;
    const before = await primary();

    let stop = false;
    const inserted = new Set<string>();
    const doubtful = new Set<string>();
    const insertLane = async (lane: number) => {
      for (let n = 0; !stop; n++) {
        const id = `i${lane}-${n}`;
        try {
          await collection.insert({ id, at: n });
          inserted.add(id);
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailable);
          doubtful.add(id);
        }
      }
    };
    // Each raises its own counter; after an unknown outcome it reads, as the port tells callers to.
    const replaceLane = async (lane: Lane) => {
      const made = await collection.insert({ id: lane.id, at: 0 });
      if (!made.ok) throw new Error('ids are new');
      let doc = made.doc;
      while (!stop) {
        const at = (doc.at ?? 0) + 1;
        try {
          const answer = await collection.replace({ ...doc, at });
          expect(answer.ok).toBe(true);
          if (answer.ok) doc = answer.doc;
          lane.answered = at;
        } catch (error) {
          expect(error).toBeInstanceOf(StoreUnavailable);
          lane.unknown++;
          const read = await collection.get(lane.id);
          if (read === undefined) throw new Error('it was there');
          expect([doc.rev, doc.rev + 1]).toContain(read.rev);
          expect(read.at).toBe(read.rev - 1);
          doc = read;
        }
      }
      expect(await collection.get(lane.id)).toEqual(doc);
    };
    const lanes = [0, 1, 2, 3].map((n): Lane => ({ id: `r${n}`, answered: 0, unknown: 0 }));
    const work = [...[0, 1, 2, 3].map(insertLane), ...lanes.map(replaceLane)];

    await until(() => inserted.size > 50);
    await admin.command({ replSetStepDown: 5, force: true }).catch(() => undefined);
    await until(async () => (await primary().catch(() => before)) !== before);
    const atElection = inserted.size;
    await until(() => inserted.size > atElection + 50);
    stop = true;
    await Promise.all(work);

    for (const id of inserted) expect(await collection.get(id)).toMatchObject({ id, rev: 1 });
    for (const id of doubtful) {
      const read = await collection.get(id);
      const again = await collection.insert({ id, at: 0 });
      expect(again.ok).toBe(read === undefined);
    }
    for (const { id, answered } of lanes) expect((await collection.get(id))?.at).toBeGreaterThanOrEqual(answered);
    await Promise.all([store.close(), spy.close()]);
  }, 60_000);
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((soon) => setTimeout(soon, 20));
}

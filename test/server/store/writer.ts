// A process of its own that writes to an embedded store until it is killed, and prints a line for each write that was answered.
import { createRequire } from 'node:module';
import process from 'node:process';
import { openStore } from '../../../server/store/open.js';
import { things } from './place.js';

const file = process.argv[2] as string;
try {
  const store = await openStore({ file, definitions: [things] });
  const collection = store.collection(things);
  const loaded = Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/mongoose/'));
  process.stdout.write(`opened mongoose=${loaded}\n`);
  const write = async (lane: number) => {
    for (let n = 0; ; n++) {
      const id = `${process.pid}-${lane}-${n}`;
      const made = await collection.insert({ id, group: 'written', at: n });
      if (!made.ok) throw new Error('ids are new');
      process.stdout.write(`${id} 1\n`);
      if (n % 2 === 0 && (await collection.replace({ ...made.doc, label: 'again' })).ok)
        process.stdout.write(`${id} 2\n`);
    }
  };
  if (process.argv[3] === 'write') await Promise.all([0, 1, 2, 3].map(write));
  process.stdin.resume();
} catch (error) {
  process.stdout.write(`refused ${String(error)}\n`);
  process.exit(1);
}

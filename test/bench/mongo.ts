import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { chooseMongod } from '../support/mongod.mjs';

export interface Mongo {
  /** Of a new, empty database. */
  database(name: string): string;
  stop(): Promise<void>;
}

/** Three members, so that "majority" is what it is in production; or why there is none. */
export async function startMongo(): Promise<Mongo | { readonly missing: string }> {
  try {
    chooseMongod();
    const set = await MongoMemoryReplSet.create({
      replSet: { count: 3, ip: '127.0.0.1', storageEngine: 'wiredTiger', args: ['--wiredTigerCacheSizeGB', '0.5'] },
    });
    return {
      database: (name) => set.getUri().replace('/?', `/${name}?`),
      stop: async () => void (await set.stop({ doCleanup: true, force: true })),
    };
  } catch (error) {
    return { missing: `no mongod: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}` };
  }
}

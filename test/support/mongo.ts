import { randomBytes } from 'node:crypto';
import { MongoMemoryServer } from 'mongodb-memory-server-core';
import { inject } from 'vitest';
import type { MongoAnswer } from './global-setup-mongo.js';
import { chooseMongod } from './mongod.mjs';

let asked: Promise<MongoAnswer> | undefined;

const ask = (): Promise<MongoAnswer> => {
  asked ??= fetch(inject('mongoAsk')).then((response) => response.json() as Promise<MongoAnswer>);
  return asked;
};

/**
 * The run's replica set; undefined when no mongod can be had. Ask at the top of a test file, for
 * `describe.skipIf((await mongoUri()) === undefined)`: the end of the run then says why.
 */
export async function mongoUri(): Promise<string | undefined> {
  const answer = await ask();
  return 'uri' in answer ? answer.uri : undefined;
}

/** The URI of a new, empty database on the run's replica set. Throws when there is none. */
export async function freshDatabase(name = 'test'): Promise<string> {
  const base = await mongoUri();
  if (base === undefined) throw new Error('There is no mongod: skip this suite by mongoUri()');
  return base.replace('/?', `/${name}_${randomBytes(6).toString('hex')}?`);
}

/** A mongod of the caller's own, for what the shared replica set must not suffer. With `replSet`, it waits to be initiated. */
export async function ownMongod(replSet?: string): Promise<{ port: number; stop(): Promise<void> }> {
  chooseMongod();
  const server = await MongoMemoryServer.create({
    instance: { ip: '127.0.0.1', storageEngine: 'wiredTiger', ...(replSet === undefined ? {} : { replSet }) },
  });
  return {
    port: Number(new URL(server.getUri()).port),
    stop: async () => void (await server.stop({ doCleanup: true, force: true })),
  };
}

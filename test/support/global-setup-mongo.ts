import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import type { TestProject } from 'vitest/node';
import { chooseMongod } from './mongod.mjs';

/** What the test workers are told. */
export type MongoAnswer = { readonly uri: string } | { readonly reason: string };

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a worker asks for the replica set; the first question starts it. */
    mongoAsk: string;
  }
}

/**
 * One replica set of three nodes for the whole run, started when the first test file asks for it: a run without Mongo suites pays
 * nothing. With REQUIRE_MONGO=1 it is started at once, and a run without it fails.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<MongoMemoryReplSet> | undefined;
  let missing: string | undefined;
  const replicaSet = () => {
    started ??= start();
    return started;
  };
  const answer = async (): Promise<MongoAnswer> => {
    try {
      return { uri: (await replicaSet()).getUri() };
    } catch (error) {
      missing = error instanceof Error ? error.message : String(error);
      return { reason: missing };
    }
  };
  if (process.env.REQUIRE_MONGO === '1') await replicaSet();

  const server = createServer((_request, response) => {
    void answer().then((told) => response.end(JSON.stringify(told)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  project.provide('mongoAsk', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return async () => {
    server.close();
    server.closeAllConnections();
    const running = await started?.catch(() => undefined);
    await running?.stop({ doCleanup: true, force: true });
    if (missing) {
      console.log(`\nSKIPPED: every suite that needs MongoDB, because no mongod could be started here (${missing}).`);
      console.log('Put mongod (6.0 or newer) on the PATH, or point MONGOMS_SYSTEM_BINARY at one.\n');
    }
  };
}

/** Elections are quick, so that a step-down costs a test a second and not twelve. */
function start(): Promise<MongoMemoryReplSet> {
  chooseMongod();
  return MongoMemoryReplSet.create({
    replSet: {
      count: 3,
      ip: '127.0.0.1',
      storageEngine: 'wiredTiger',
      args: ['--wiredTigerCacheSizeGB', '0.25'],
      configSettings: { electionTimeoutMillis: 1_000, heartbeatIntervalMillis: 200, catchUpTimeoutMillis: 1_000 },
    },
  });
}

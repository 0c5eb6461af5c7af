import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import mongoose from 'mongoose';

const { BSON } = mongoose.mongo;

/** Answers a driver's handshake and `buildInfo` as a server of some version would; no more is needed to be turned down. */
export async function fakeMongod(version: string, maxWireVersion: number) {
  const answers = (command: Record<string, unknown>): Record<string, unknown> => {
    if ('buildInfo' in command) return { ok: 1, version };
    if ('hello' in command || 'ismaster' in command || 'isMaster' in command) {
      return {
        ok: 1,
        isWritablePrimary: true,
        ismaster: true,
        minWireVersion: 0,
        maxWireVersion,
        maxBsonObjectSize: 16_777_216,
        maxMessageSizeBytes: 48_000_000,
        maxWriteBatchSize: 100_000,
        localTime: new Date(0),
        helloOk: true,
      };
    }
    return { ok: 1 };
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let waiting = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 4 && waiting.length >= waiting.readInt32LE(0)) {
        const length = waiting.readInt32LE(0);
        socket.write(reply(waiting.subarray(0, length), answers));
        waiting = waiting.subarray(length);
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/shop`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const opMsg = 2013;

/** https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol: OP_MSG, and OP_QUERY for the first handshake. */
function reply(message: Buffer, answers: (command: Record<string, unknown>) => Record<string, unknown>): Buffer {
  const modern = message.readInt32LE(12) === opMsg;
  // OP_MSG: header, flags, section kind. OP_QUERY: header, flags, name\0, skip, count.
  const start = modern ? 21 : message.indexOf(0, 20) + 1 + 8;
  const size = message.readInt32LE(start);
  const document = BSON.serialize(answers(BSON.deserialize(message.subarray(start, start + size))));
  const between = Buffer.alloc(modern ? 5 : 20);
  if (!modern) between.writeInt32LE(1, 16);
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + between.length + document.length, 0);
  header.writeInt32LE(message.readInt32LE(4), 8);
  header.writeInt32LE(modern ? opMsg : 1, 12);
  return Buffer.concat([header, between, document]);
}

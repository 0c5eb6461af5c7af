import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { z } from 'zod';
import { systemClock } from '../../../server/ops/clock.js';
import { systemIds } from '../../../server/ops/ids.js';
import { answerParent } from '../child.js';
import type { Samples } from '../documents.js';
import type { PortOneSamples } from '../documents-portone.js';
import { requestTimes } from '../inside/request-times.mjs';
import { shop } from '../settings.js';
import { createPortOneFloor } from './portone-floor.js';
import { embeddedWrites, mongoWrites, type Writes } from './writes.js';

export interface FloorOptions {
  readonly samples: Samples;
  /** Payments go through PortOne, and this backend is told. */
  readonly portone?: { readonly samples: PortOneSamples; readonly backend: string };
  readonly sandboxUrl: string;
  readonly file?: string;
  readonly mongodbUri?: string;
}

const sessionInput = z.strictObject({
  items: z.array(z.strictObject({ item: z.string(), quantity: z.int().min(1) })).min(1),
  returnUrls: z.strictObject({ page: z.url() }),
  prepare: z.strictObject({ method: z.string() }).optional(),
});
const verifyInput = z.strictObject({
  session: z.string(),
  orderId: z.string(),
  paymentKey: z.string(),
  amount: z.number(),
});

/**
 * The least that could be called a payment: Express, zod, the provider's calls and the durable writes. No authentication, price, log,
 * header, look at what came back, or second thought about failures.
 */
function createFloor({ samples, sandboxUrl }: FloorOptions, writes: Writes) {
  const ids = systemIds(systemClock);
  const toss = `${sandboxUrl}/toss/v1/payments`;
  const authorization = `Basic ${Buffer.from(`${shop.tossSecretKey}:`).toString('base64')}`;
  const [prepared, asked, paid] = samples.payment;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json());

  app.post('/api/v1/payments/sessions', async (req, res) => {
    const input = sessionInput.parse(req.body);
    const id = ids.ulid();
    const document = input.prepare ? prepared : samples.created.document;
    await writes.insert(`pay_${id}`, { ...document, createdAt: Date.now() });
    const answer = input.prepare ? samples.opened : samples.created.answer;
    const launch = { ...(answer as { launch?: { request: object } }).launch };
    const request = { ...launch.request, orderId: `pay_${id}_1` };
    res.status(201).json({
      ...answer,
      id: `cs_${id}`,
      payment: `pay_${id}`,
      clientSecret: `cs_${id}_secret_${'x'.repeat(43)}`,
      launch: { ...launch, request },
    });
  });

  // As the server's worker does, after the shopper has the answer.
  let told = 0;
  const tell = async (id: string, read: object | undefined) => {
    let rev = 3;
    for (const { collection, document } of samples.telling) {
      if (collection === 'payments') await writes.replace(id, rev++, { ...read, ...document });
      else await writes.insert(`${id}:${++told}`, { ...document, seq: told }, collection);
    }
  };

  app.post('/api/v1/payments/verify', async (req, res) => {
    const { session, orderId, paymentKey, amount } = verifyInput.parse(req.body);
    const id = `pay_${session.slice(3)}`;
    const read = await writes.get(id);
    await (await fetch(`${toss}/orders/${orderId}`, { headers: { authorization } })).json();
    await writes.replace(id, 1, { ...read, ...asked });
    const reply = await fetch(`${toss}/confirm`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': orderId },
      body: JSON.stringify({ paymentKey, orderId, amount }),
    });
    await reply.json();
    await writes.replace(id, 2, { ...read, ...paid });
    res.json({ ...samples.paid, id: session });
    await tell(id, read);
  });
  return app;
}

let idle = async () => {};

async function start(options: FloorOptions): Promise<string> {
  const { file = '', mongodbUri } = options;
  const writes = mongodbUri === undefined ? await embeddedWrites(file) : await mongoWrites(mongodbUri);
  const { portone, sandboxUrl } = options;
  const floor = portone && createPortOneFloor(portone.samples, writes, sandboxUrl, portone.backend);
  idle = floor?.idle ?? idle;
  const app = floor?.app ?? createFloor(options, writes);
  const server = await new Promise<Server>((resolve) => {
    const starting: Server = app.listen(0, '127.0.0.1', () => resolve(starting));
  });
  server.keepAliveTimeout = 65_000;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

answerParent({ start, requestTimes, idle: () => idle() });

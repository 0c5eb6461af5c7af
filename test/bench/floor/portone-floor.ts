import { once } from 'node:events';
import { Agent, request } from 'node:http';
import express, { type Express } from 'express';
import { z } from 'zod';
import { systemClock } from '../../../server/ops/clock.js';
import { systemIds } from '../../../server/ops/ids.js';
import type { Written } from '../documents.js';
import type { PortOneSamples } from '../documents-portone.js';
import { callsOf } from './portone-calls.js';
import type { Writes } from './writes.js';

export interface PortOneFloor {
  readonly app: Express;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

const sessionInput = z.strictObject({
  items: z.array(z.strictObject({ item: z.string(), quantity: z.int().min(1) })).min(1),
  returnUrls: z.strictObject({ page: z.url() }),
  prepare: z.strictObject({ method: z.string() }),
});

/** The documents of one payment: the sample's ids, made its own, and how often each was written. */
interface Own {
  readonly id: string;
  readonly ids: Map<string, { readonly id: string; rev: number }>;
  /** Its webhooks that have come. */
  received: number;
  paid: boolean;
}

/**
 * The least that a payment through PortOne could be, with its webhooks, its event and the merchant's webhook: Express, zod, the
 * provider's calls, the deliveries and the durable writes. It checks no signature and makes none, and decides nothing.
 */
export function createPortOneFloor(
  samples: PortOneSamples,
  writes: Writes,
  sandboxUrl: string,
  backendUrl: string,
): PortOneFloor {
  const ids = systemIds(systemClock);
  const portone = callsOf(samples.through, sandboxUrl);
  const agent = new Agent({ keepAlive: true });
  const under = new Map<string, Own>();
  const working = new Set<Promise<void>>();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json());

  const received = new Set(samples.received.map(({ id }) => id));
  let seq = 0;
  const replay = async (own: Own, written: readonly Written[]) => {
    for (const { collection, id, document } of written) {
      const known = own.ids.get(id);
      if (known) await writes.replace(known.id, known.rev++, document, collection);
      else {
        const made = { id: collection === 'payments' ? own.id : `${own.id}:${own.ids.size}`, rev: 1 };
        own.ids.set(id, made);
        await writes.insert(made.id, collection === 'events' ? { ...document, seq: ++seq } : document, collection);
      }
    }
  };
  const later = (work: Promise<void>) => {
    working.add(work);
    work.finally(() => working.delete(work));
  };
  const deliver = async (own: Own) => {
    const body = JSON.stringify({ ...samples.event, type: 'payment.paid', about: { payment: own.id } });
    const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(backendUrl, { method: 'POST', agent, headers }).end(body);
    const [reply] = await once(sent, 'response');
    reply.resume();
  };
  const tell = async (own: Own) => {
    await replay(own, samples.told);
    const [leased, ...delivered] = samples.delivered;
    if (leased) await replay(own, [leased]);
    await deliver(own);
    await replay(own, delivered);
  };
  const finish = (own: Own) => {
    if (own.paid && own.received === samples.received.length) under.delete(`${own.id}_1`);
  };

  app.post('/api/v1/payments/sessions', async (req, res) => {
    sessionInput.parse(req.body);
    const ulid = ids.ulid();
    const own: Own = { id: `pay_${ulid}`, ids: new Map(), received: 0, paid: false };
    under.set(`${own.id}_1`, own);
    await portone.preRegister(`${own.id}_1`);
    await replay(own, samples.prepared);
    const { launch } = samples.opened as { launch: { request: object } };
    res.status(201).json({
      ...samples.opened,
      id: `cs_${ulid}`,
      payment: own.id,
      clientSecret: `cs_${ulid}_secret_${'x'.repeat(43)}`,
      launch: { ...launch, request: { ...launch.request, [portone.orderField]: `${own.id}_1` } },
    });
  });

  app.post('/api/v1/webhooks/:provider/:merchant', async (req, res) => {
    const own = under.get(portone.orderOf(req.body));
    const no = own ? own.received++ : 0;
    if (own) {
      await writes.get(own.id);
      await replay(own, samples.received.slice(no, no + 1));
    }
    res.json({ received: true });
    const mine = samples.received[no]?.id;
    if (own)
      later(
        replay(
          own,
          samples.workedOff.filter(({ id }) => id === mine || !received.has(id)),
        ).then(() => finish(own)),
      );
  });

  app.post('/api/v1/payments/verify', async (req, res) => {
    const { session, orderId } = portone.verified.parse(req.body) as { session: string; orderId: string };
    const own = under.get(orderId);
    if (!own) throw new Error(`no order ${orderId}`);
    await writes.get(own.id);
    await portone.lookUp(orderId);
    await replay(own, samples.verified);
    res.json({ ...samples.paid, id: session });
    own.paid = true;
    later(tell(own).then(() => finish(own)));
  });

  return {
    app,
    async idle() {
      while (under.size > 0 || working.size > 0) {
        await Promise.all(working);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

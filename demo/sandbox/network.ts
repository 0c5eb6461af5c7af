import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import type { Fault } from './faults.js';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const gatewayPage = '<!doctype html><html><body><h1>502 Bad Gateway</h1><p>gateway of the sandbox</p></body></html>';

/** Sends what the work answers, after what must arrive earlier, through a network that may lose it. A `hang` never answers: the caller gives up, or the sandbox closes. */
export async function deliver(
  res: Response,
  { fault, latencyMs, early }: { fault: Fault | undefined; latencyMs: number; early: () => Promise<void> },
  work: () => Reply | Promise<Reply>,
): Promise<void> {
  const behaviour = fault?.behaviour.layer === 'network' ? fault.behaviour : undefined;
  const reply = behaviour?.when === 'arrival' ? undefined : await work();
  await early();
  if (latencyMs > 0) await sleep(latencyMs);
  switch (behaviour?.how) {
    case 'drop':
      res.socket?.destroy();
      return;
    case 'hang':
      return;
    case 'html':
      res
        .status(fault?.status ?? 502)
        .type('html')
        .send(gatewayPage);
      return;
    default:
      if (reply) res.status(reply.status).json(reply.body);
  }
}

import { Router } from 'express';
import type { Bank } from '../bank.js';
import type { Webhooks } from './webhooks.js';

/** `/control/webhooks`: the log, and what is due. */
export function webhookRoutes(webhooks: Webhooks, bank: Bank): Router {
  const router = Router();
  router.get('/', (req, res) => {
    bank.sweep();
    webhooks.kick();
    const { orderId } = req.query;
    const deliveries = webhooks.log().filter((each) => typeof orderId !== 'string' || each.orderId === orderId);
    res.json({ deliveries });
  });
  router.post('/run', async (_req, res) => {
    bank.sweep();
    res.json({ attempts: await webhooks.run() });
  });
  router.post('/:id/resend', async (req, res) => {
    const delivery = await webhooks.resend(req.params.id);
    if (delivery) res.json(delivery);
    else res.status(404).json({ code: 'not_found', message: 'no such webhook, or its target is refused' });
  });
  return router;
}

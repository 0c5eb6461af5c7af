import { Router } from 'express';
import { classicScript } from '../assets.js';
import { openerOf, sdkCalls } from '../sdk-calls.js';
import { openWindow } from './open.js';
import type { PortOneV1 } from './portone-v1.js';
import type { V1Request } from './request.js';

const sdkFiles = [
  'portone-v1/sdk/results.js',
  'browser/overlay.js',
  'browser/open.js',
  'browser/popup.js',
  'portone-v1/sdk/checks.js',
  'portone-v1/sdk/payment.js',
  'portone-v1/sdk/paypal.js',
  'portone-v1/sdk/main.js',
].map((path) => `./${path}`);

/** The stand-in of the browser SDK, and the calls it makes. */
export function portOneV1Script(v1: PortOneV1): Router {
  const router = Router();
  router.get('/v1/iamport.js', classicScript(sdkFiles));
  const calls = sdkCalls();
  router.use('/sdk', calls);

  calls.post('/open', (req, res) => {
    const opened = openWindow(v1, (req.body ?? {}) as V1Request, openerOf(req));
    if ('error_code' in opened) return void res.status(400).json(opened);
    res.json({ impUid: opened.record.id, path: `/window/${opened.record.id}`, kind: opened.kind });
  });

  /** Could it be opened? Asked when PayPal's button is put on the page. */
  calls.post('/check', (req, res) => {
    const refused = openWindow(v1, (req.body ?? {}) as V1Request, '*', true);
    if (refused) res.status(400).json(refused);
    else res.json({});
  });

  /** A popup was closed by hand. */
  calls.post('/closed', async (req, res) => {
    const window = v1.windows.get(String(req.body?.impUid));
    if (!window) return void res.status(404).json({ error_code: 'NOT_FOUND', error_msg: 'no such window' });
    const result = window.canceled();
    await v1.webhooks.early();
    res.json(result);
  });
  return router;
}

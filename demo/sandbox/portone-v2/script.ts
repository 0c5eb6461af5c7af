import { Router } from 'express';
import { classicScript } from '../assets.js';
import { openerOf, sdkCalls } from '../sdk-calls.js';
import { openWindow } from './open.js';
import type { PortOneV2 } from './portone-v2.js';
import type { V2Request } from './request.js';

const sdkFiles = [
  'portone-v2/sdk/errors.js',
  'browser/overlay.js',
  'browser/open.js',
  'browser/popup.js',
  'portone-v2/sdk/checks.js',
  'portone-v2/sdk/payment.js',
  'portone-v2/sdk/paypal.js',
  'portone-v2/sdk/main.js',
].map((path) => `./${path}`);

/** The stand-in of the browser SDK, and the calls it makes. */
export function portOneV2Script(v2: PortOneV2): Router {
  const router = Router();
  router.get('/v2/browser-sdk.js', classicScript(sdkFiles));
  const calls = sdkCalls();
  router.use('/sdk', calls);

  calls.post('/open', (req, res) => {
    const opened = openWindow(v2, (req.body ?? {}) as V2Request, openerOf(req));
    if ('code' in opened) return void res.status(400).json(opened);
    res.json({ txId: opened.record.id, path: `/window/${opened.record.id}`, kind: opened.kind });
  });

  /** Could it be opened? Asked when PayPal's button is put on the page. */
  calls.post('/check', (req, res) => {
    const refused = openWindow(v2, (req.body ?? {}) as V2Request, '*', true);
    if (refused) res.status(400).json(refused);
    else res.json({});
  });

  /** A popup was closed by hand. */
  calls.post('/closed', async (req, res) => {
    const window = v2.windows.get(String(req.body?.txId));
    if (!window) return void res.status(404).json({ code: 'TransactionNotFound', message: 'no such window' });
    const result = window.canceled();
    await v2.webhooks.early();
    res.json(result);
  });
  return router;
}

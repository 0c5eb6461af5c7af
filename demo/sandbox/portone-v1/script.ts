import express, { Router } from 'express';
import { classicScript } from '../assets.js';
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
  router.use('/sdk', (req, res, next) => {
    res.set({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type' });
    if (req.method === 'OPTIONS') res.status(204).end();
    else next();
  });
  router.use('/sdk', express.json());

  router.post('/sdk/open', (req, res) => {
    const origin = req.get('origin');
    // A page without an origin (a file, a sandboxed frame) can't be named as a receiver.
    const opener = origin === undefined || origin === 'null' ? '*' : origin;
    const opened = openWindow(v1, (req.body ?? {}) as V1Request, opener);
    if ('error_code' in opened) return void res.status(400).json(opened);
    res.json({ impUid: opened.record.id, path: `/window/${opened.record.id}`, kind: opened.kind });
  });

  /** Could it be opened? Asked when PayPal's button is put on the page. */
  router.post('/sdk/check', (req, res) => {
    const refused = openWindow(v1, (req.body ?? {}) as V1Request, '*', true);
    if (refused) res.status(400).json(refused);
    else res.json({});
  });

  /** A popup was closed by hand. */
  router.post('/sdk/closed', async (req, res) => {
    const window = v1.windows.get(String(req.body?.impUid));
    if (!window) return void res.status(404).json({ error_code: 'NOT_FOUND', error_msg: 'no such window' });
    const result = window.canceled();
    await v1.webhooks.early();
    res.json(result);
  });
  return router;
}

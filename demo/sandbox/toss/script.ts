import { Router } from 'express';
import { classicScript } from '../assets.js';
import { languageOf } from '../html.js';
import { openerOf, sdkCalls } from '../sdk-calls.js';
import { errorReply } from './errors.js';
import type { OpenRequest } from './open.js';
import { failUrl, openWindow } from './open.js';
import type { Toss } from './toss.js';

const sdkFiles = [
  'toss/sdk/errors.js',
  'browser/overlay.js',
  'browser/open.js',
  'toss/sdk/checks.js',
  'toss/sdk/request.js',
  'toss/sdk/widgets.js',
  'toss/sdk/standard.js',
].map((path) => `./${path}`);

const absolute = (url: unknown): url is string =>
  typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url);

/** The stand-in of SDK v2, and the call it makes to open a window. */
export function tossScript(toss: Toss): Router {
  const router = Router();
  router.get('/v2/standard', classicScript(sdkFiles));
  const calls = sdkCalls();
  router.use('/sdk', calls);
  calls.post('/open', (req, res) => {
    const request = (req.body ?? {}) as OpenRequest;
    const english = languageOf(req) === 'en';
    const urls = [request.successUrl, request.failUrl].filter((url) => url !== undefined);
    const opened = urls.every(absolute) ? openWindow(toss, request, openerOf(req)) : 'INVALID_REQUEST';
    if (typeof opened !== 'string') {
      res.json({ paymentKey: opened.id, path: `/window/${opened.id}` });
      return;
    }
    const reply = errorReply(opened, english);
    const redirect = absolute(request.failUrl) ? failUrl(request.failUrl, opened, String(request.orderId)) : undefined;
    res.status(reply.status).json({ ...(reply.body as object), redirect });
  });
  return router;
}

import express, { Router } from 'express';
import type { Clock } from '../../../server/ops/clock.js';
import { hour } from '../../../server/ops/clock.js';
import type { Bank } from '../bank.js';
import { languageOf } from '../html.js';
import { readInstrument } from '../instruments.js';
import { notFoundPage, receiptPage, windowPage } from './page.js';
import type { Windows } from './windows.js';

/** The payment window: a page per opened record, and what its two buttons do. */
export function windowRoutes(bank: Bank, windows: Windows, clock: Clock, early: () => Promise<void>): Router {
  const router = Router();
  router.use(express.json());
  router.use((_req, res, next) => {
    res.set('cache-control', 'no-store');
    next();
  });

  router.get('/:record', (req, res) => {
    const language = languageOf(req);
    const window = windows.get(req.params.record);
    const record = bank.get(req.params.record);
    if (!window || !record) return void res.status(404).send(notFoundPage(language));
    const dueAt = record.account?.dueAt ?? clock.now() + window.accountValidHours * hour;
    res.send(windowPage(window, record, dueAt, language));
  });

  router.get('/:record/receipt', (req, res) => {
    const language = languageOf(req);
    const record = bank.get(req.params.record);
    if (record?.paidAt === undefined) return void res.status(404).send(notFoundPage(language));
    res.send(receiptPage(record, language));
  });

  router.post('/:record/pay', async (req, res) => {
    const window = windows.get(req.params.record);
    if (!window) return void res.status(404).json({ code: 'not_found' });
    const instrument = readInstrument(req.body ?? {});
    if ('refused' in instrument) return void res.status(400).json({ code: instrument.refused });
    if (!window.methods.includes(instrument.method)) return void res.status(400).json({ code: 'method' });
    const result = window.pay(instrument);
    await early();
    if (typeof result === 'string') return void res.status(409).json({ code: result });
    if (result.lost) return void res.socket?.destroy();
    res.json(result);
  });

  router.post('/:record/cancel', async (req, res) => {
    const window = windows.get(req.params.record);
    if (!window) return void res.status(404).json({ code: 'not_found' });
    const result = window.canceled();
    await early();
    res.json(result);
  });
  return router;
}

import type { Request, Response } from 'express';
import express from 'express';
import { ApiError } from './problem.js';

const parsers = new Map<number, express.RequestHandler>();

function parserFor(maxBytes: number): express.RequestHandler {
  const parser = parsers.get(maxBytes) ?? express.raw({ limit: maxBytes, type: () => true, inflate: false });
  parsers.set(maxBytes, parser);
  return parser;
}

/** The body as it came, whatever its content type says. Throws `ApiError body_too_large` beyond `maxBytes`, and reads no further. */
export async function readRaw(req: Request, res: Response, maxBytes: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    parserFor(maxBytes)(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  }).catch((error: unknown) => {
    if ((error as { type?: unknown }).type !== 'entity.too.large') throw error;
    throw new ApiError('body_too_large', `The body may have at most ${Math.floor(maxBytes / 1024)} KB.`);
  });
  const body: unknown = req.body;
  return Buffer.isBuffer(body) ? body.toString('utf8') : '';
}

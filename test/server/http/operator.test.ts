import express from 'express';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { operatorRoutes } from '../../../server/http/operator.js';
import { problemHandler } from '../../../server/http/problem.js';
import { listen } from '../../../server/http/server.js';
import { silentLogger } from '../../../server/ops/logging.js';

/** A server whose operator set no secret. */
let url: string;
let close: () => void;
beforeEach(async () => {
  const app = express();
  app.use(operatorRoutes(undefined, { '/secret': async () => ({ secret: 42 }) }));
  app.get('/open', (_req, res) => void res.json({ open: true }));
  app.use(problemHandler(silentLogger));
  const { server, port } = await listen(app, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}`;
  close = () => server.close();
});
afterEach(() => close());

test.each([[{}], [{ authorization: 'Bearer undefined' }], [{ authorization: 'Bearer ' }]])(
  'without OPERATOR_SECRET nobody is let in, and the answer says how to set it: %j',
  async (headers) => {
    const answer = await fetch(`${url}/secret`, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      code: 'unauthorized',
      detail: expect.stringMatching(/OPERATOR_SECRET is not set.*openssl rand -hex 32/),
    });
  },
);

test('other paths are not the operator’s', async () => {
  expect((await fetch(`${url}/open`)).status).toBe(200);
});

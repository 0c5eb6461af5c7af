import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { PaymentView } from '../../../contract/index.js';
import { control, createCall, openSession, type Shopper } from '../../support/shopper.js';
import {
  type Answer,
  api,
  blog,
  type Call,
  createWorld,
  type Said,
  type TossSession,
  type World,
  type WorldOptions,
} from '../../support/world.js';
import { checkAnswers } from './answers.js';

/** One server and one sandbox for a test file, with every answer checked against the API description. */
export interface Here {
  readonly world: World;
  /** A session as a page opens it: two coffees, prepared for a card. */
  open(body?: object): Promise<Shopper>;
  /** `POST /payments/sessions` of a page. */
  page(body: unknown, more?: Partial<Call>): Promise<Answer<Said<TossSession>>>;
  /** A call of the merchant's backend. */
  backend<T = TossSession>(method: string, path: string, body?: unknown, more?: Call): Promise<Answer<Said<T>>>;
  /** `GET /payments/{id}` of the merchant's backend. */
  payment(id: string): Promise<PaymentView>;
  arm(fault: object): Promise<void>;
  /** Moves the clock, and does what is due by then. */
  later(ms: number): Promise<void>;
  /** Charges under the payment's order ids. */
  charges(shopper: { id: string }): number;
  /** Runs it, and sees that neither this payment nor the provider's books changed. */
  unchanged<T>(shopper: { id: string }, act: () => Promise<T>): Promise<T>;
}

export function useWorld(options: WorldOptions = {}): Here {
  let world: World;
  let restore: () => void;
  beforeAll(async () => {
    world = await createWorld(options);
    restore = await checkAnswers(world);
  });
  afterEach(() => world.sandbox.faults.clear());
  afterAll(async () => {
    restore();
    await world.close();
  });

  const backend: Here['backend'] = (method, path, body, more = {}) =>
    api(world.url, method, path, { token: blog.secretKey, ...(body !== undefined && { body }), ...more });

  return {
    get world() {
      return world;
    },
    open: (body) => openSession(world, body),
    page: (body, more = {}) => api(world.url, 'POST', '/payments/sessions', { ...createCall, body, ...more }),
    backend,
    async payment(id) {
      const { status, body } = await backend<PaymentView>('GET', `/payments/${id}`);
      expect(status).toBe(200);
      return body;
    },
    arm: (fault) => control(world, 'faults', fault),
    async later(ms) {
      world.clock.advance(ms);
      await world.runDry();
    },
    charges: ({ id }) =>
      world.sandbox.bank.books().charges.filter(({ orderId }) => orderId.startsWith(`${id}_`)).length,
    async unchanged({ id }, act) {
      const seen = async () =>
        JSON.stringify([await world.payment(id), world.sandbox.bank.entries(), world.sandbox.bank.books().records]);
      const before = await seen();
      const result = await act();
      expect(await seen()).toBe(before);
      return result;
    },
  };
}

interface Claims {
  readonly sub?: string;
  readonly iss?: string;
  readonly aud?: string;
  readonly secret?: string;
  readonly expiresInS?: number;
}

/** A token as the merchant's backend signs it for its shopper. */
export function shopperToken(world: World, claims: Claims = {}): Promise<string> {
  const now = Math.floor(world.clock.now() / 1_000);
  const { sub = 'ada', iss = blog.publishableKey, aud = 'pay-checkout', secret = blog.shopperSecret } = claims;
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuer(iss)
    .setAudience(aud)
    .setIssuedAt(Math.min(now, now + (claims.expiresInS ?? 600) - 60))
    .setExpirationTime(now + (claims.expiresInS ?? 600))
    .sign(new TextEncoder().encode(secret));
}

export const coffee = { items: [{ item: 'coffee', quantity: 2 }], returnUrls: { page: blog.page } };

/** 128 random bits, as a page makes them. */
export const newKey = (): string => crypto.randomUUID().replaceAll('-', '');

export const refused = (status: number, code: string) => ({ status, body: expect.objectContaining({ code }) });

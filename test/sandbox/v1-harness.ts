import { expect } from 'vitest';
import { demoAccount } from '../../demo/sandbox/portone-v1/accounts.js';
import type { Answer } from './harness.js';
import { useSandbox } from './harness.js';

export const account = demoAccount;
export const channel = (name: string): string => `channel-key-v1-demo-${name}`;

/** A sandbox and calls to its PortOne V1 facade. Every REST answer is an envelope, or the test fails. */
export function useV1() {
  const sandbox = useSandbox();
  const keys = { imp_key: account.apiKey, imp_secret: account.apiSecret };

  async function unauthorized(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await sandbox.call(method, `/portone-v1${path}`, body, headers);
    expect(Object.keys(answer.body)).toEqual(['code', 'message', 'response']);
    expect(answer.body.code === 0).toBe(answer.body.message === null);
    return answer;
  }

  const getToken = (given: object = keys) => unauthorized('POST', '/users/getToken', given);

  async function rest(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const { access_token } = (await getToken()).body.response;
    return unauthorized(method, path, body, { authorization: `Bearer ${access_token}`, ...headers });
  }

  const control = (action: string, body: object): Promise<Answer> => sandbox.control(`portone-v1/${action}`, body);
  const look = async (impUid: string): Promise<any> =>
    (await rest('GET', `/payments/${impUid}?include_sandbox=true`)).body.response;

  return {
    ...sandbox,
    keys,
    unauthorized,
    getToken,
    rest,
    v1: control,
    look,
    /** A shopper who agreed: charged. */
    async paid(more: Record<string, unknown> = {}) {
      const merchant_uid = (more.merchant_uid ?? sandbox.newOrder()) as string;
      const { body } = await control('pay', { merchant_uid, amount: 15000, ...more });
      return { merchant_uid, imp_uid: body.imp_uid as string, said: body };
    },
    cancel: (body: object) => rest('POST', '/payments/cancel', { reason: '고객 변심', ...body }),
    prepare: (body: object, method = 'POST') => rest(method, '/payments/prepare', body),
  };
}

/** HTTP status and V1's own code: 200 with another code than 0 is a refusal. */
export const outcome = ({ status, body }: Answer): string => `${status} ${body.code}`;

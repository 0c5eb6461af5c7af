import { demoStore } from '../../demo/sandbox/portone-v2/stores.js';
import type { Answer } from './harness.js';
import { useSandbox } from './harness.js';
import { answerMistakes } from './openapi.js';

export const store = demoStore;
export const channel = (name: string): string => `channel-key-demo-${name}`;
export const authorization = (secret: string): { authorization: string } => ({ authorization: `PortOne ${secret}` });
export const quoted = (name: string): Record<string, string> => ({ 'idempotency-key': `"${name.padEnd(16, '-')}"` });

/** A sandbox and calls to its PortOne V2 facade. Every REST answer is held against the schema, unless `unchecked`. */
export function useV2() {
  const sandbox = useSandbox();
  const mistakesSeen: string[] = [];
  const operationsSeen = new Set<string>();

  async function rest(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await unchecked(method, path, body, headers);
    const operation = path.replace(/\?.*/, '').replace(/^\/payments\/[^/]+/, '/payments/{paymentId}');
    operationsSeen.add(`${method} ${operation} ${answer.status}`);
    for (const mistake of answerMistakes(method, operation, answer))
      mistakesSeen.push(`${method} ${operation}: ${mistake}`);
    return answer;
  }

  const unchecked = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    sandbox.call(method, `/portone-v2${path}`, body, { ...authorization(store.apiSecret), ...headers });

  const control = (action: string, body: object): Promise<Answer> => sandbox.control(`portone-v2/${action}`, body);

  return {
    ...sandbox,
    mistakesSeen,
    operationsSeen,
    rest,
    unchecked,
    v2: control,
    /** A shopper who agreed: charged on an automatic channel. */
    async paid(more: Record<string, unknown> = {}) {
      const paymentId = sandbox.newOrder();
      const { body } = await control('pay', { channelKey: channel('card'), paymentId, amount: 15000, ...more });
      return { paymentId: (more.paymentId ?? paymentId) as string, said: body };
    },
    payment: async (paymentId: string) => (await rest('GET', `/payments/${paymentId}`)).body,
    confirm: (paymentId: string, body: object, headers: Record<string, string> = {}) =>
      rest('POST', `/payments/${paymentId}/confirm`, body, headers),
    cancel: (paymentId: string, body: object = {}, headers: Record<string, string> = {}) =>
      rest('POST', `/payments/${paymentId}/cancel`, { reason: '고객 변심', ...body }, headers),
  };
}

export const refusal = ({ status, body }: Answer): string => `${status} ${body.type}`;

import type { EventPage, Page, PaymentRow, PaymentView, Problem } from '../../contract/index.js';

/** An answer of the server that is not what was asked for. `status` 0: no answer. */
export class PayServerError extends Error {
  override name = 'PayServerError';
  readonly status: number;

  constructor(status: number, code: string) {
    super(`the pay-checkout server: ${status} ${code}`);
    this.status = status;
  }
}

/** What this shop's backend asks the pay-checkout server with its secret key. Each throws `PayServerError`. */
export interface PayServer {
  /** `wait`: seconds that an empty page may take. */
  events(after: string | undefined, how: { readonly wait: number; readonly signal: AbortSignal }): Promise<EventPage>;
  /** Newest first. */
  payments(after: string | undefined, signal: AbortSignal): Promise<Page<PaymentRow>>;
  /** `undefined`: there is no such payment of this merchant's. */
  payment(id: string, signal?: AbortSignal): Promise<PaymentView | undefined>;
}

/** Beyond what was asked to be waited for. */
const patienceMs = 15_000;

export function createPayServer({ url, secretKey }: { readonly url: string; readonly secretKey: string }): PayServer {
  async function ask<T>(path: string, signal: AbortSignal | undefined, waitMs = 0): Promise<T> {
    const late = AbortSignal.timeout(waitMs + patienceMs);
    const response = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${secretKey}` },
      signal: signal ? AbortSignal.any([signal, late]) : late,
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new PayServerError(0, 'unreachable');
    });
    const body = (await response.json().catch(() => ({}))) as T & Problem;
    if (!response.ok) throw new PayServerError(response.status, body.code ?? 'unknown');
    return body;
  }
  return {
    events(after, { wait, signal }) {
      const query = new URLSearchParams({ wait: String(wait), limit: '100', ...(after !== undefined && { after }) });
      return ask(`/events?${query}`, signal, wait * 1_000);
    },
    payments: (after, signal) =>
      ask(`/payments?${new URLSearchParams({ limit: '100', ...(after !== undefined && { after }) })}`, signal),
    async payment(id, signal) {
      return ask<PaymentView>(`/payments/${encodeURIComponent(id)}`, signal).catch((error: unknown) => {
        if (error instanceof PayServerError && error.status === 404) return undefined;
        throw error;
      });
    },
  };
}

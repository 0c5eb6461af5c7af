import type { MyPaymentRow, MyPayments, PaymentStatus } from '../../contract/index.js';
import { type ApiFailure, type Call, createApi } from '../checkout/api.js';
import type { Environment } from '../checkout/environment.js';

/** What the page says. */
export interface HistoryPlan {
  server: string;
  merchant: string | undefined;
  token: string | undefined;
  /** Payments of a page, 1 to 100. */
  limit: number;
}

/** What keeps the list from being new. `token`: nobody gave a good one. `mistake`: only the site owner can mend it. */
export type Trouble = 'token' | 'offline' | 'server' | 'mistake';

export interface HistorySnapshot {
  /** Absent until a first page has come. */
  rows?: readonly MyPaymentRow[];
  /** Where it goes on; absent at the end. */
  next?: string | undefined;
  /** What the newest page shows, as the server names it. */
  seen?: string;
  /** More was asked for, or did not come. */
  more?: 'loading' | 'failed' | undefined;
  trouble?: Trouble | undefined;
  /** What was said of it, for the site owner. */
  failure?: ApiFailure | undefined;
}

/** A page of the shopper's payments. Rejects with `ApiFailure`. The token goes into a header. */
export async function readPage(
  env: Environment,
  { server, merchant, token = '' }: HistoryPlan,
  query: Record<string, string>,
  more: Partial<Call> = {},
): Promise<MyPayments> {
  const all = new URLSearchParams({ begun: 'true', ...(merchant && { merchant }), ...query });
  return (await createApi(env, server).call<MyPayments>({ repeats: 2, ...more, path: `/me/payments?${all}`, token }))
    .body;
}

/** How a payment stands, in the words that there are for it. `checking`: nobody knows yet. */
export type Standing = PaymentStatus | 'checking';

/** Money that may have moved for what looks unpaid is neither paid nor not. */
export const standingOf = ({ status, processing }: MyPaymentRow): Standing =>
  processing && /^(open|pending|expired)$/.test(status) ? 'checking' : status;

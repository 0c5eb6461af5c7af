import type { Buyer, Locale, Method } from '../../contract/index.js';
import type { BuyerField } from './buyer-fields.js';
import type { Source } from './source.js';

/** What the page asks for: the element's attributes, understood. */
export interface Plan {
  /** Our server's URL. */
  server: string;
  merchant?: string;
  product?: string;
  /** A session that the merchant's backend made, with its secret: instead of merchant and product. */
  session?: string;
  clientSecret?: string;
  quantity: number;
  /** Preselected. */
  method?: Method;
  /** Only these, in this order. */
  methods?: readonly Method[];
  locale: Locale;
  customerToken?: string;
  /** Known already; what the shopper typed goes before it. */
  buyer: Buyer;
  /** Fields that are asked for. */
  collect: readonly BuyerField[];
  /** CSP nonce for the provider's script. */
  nonce?: string;
}

/** Something that only the site owner can mend. `code`: of our API, a provider's, or `missing_attributes`. */
export interface Mistake {
  code: string;
  detail: string;
}

/** Where the session of a plan comes from; a mistake where the plan says too little. */
export function sourceOf(plan: Plan): Source | Mistake {
  const { merchant, product, session, clientSecret, locale, customerToken } = plan;
  if (session && clientSecret) return { kind: 'given', session, secret: clientSecret };
  if (session || clientSecret)
    return { code: 'missing_attributes', detail: 'session and client-secret are needed together' };
  if (merchant && product)
    return { kind: 'catalogue', merchant, product, locale, ...(customerToken && { customerToken }) };
  const missing = [!merchant && 'merchant', !product && 'product'].filter(Boolean).join(' and ');
  return { code: 'missing_attributes', detail: `${missing} missing` };
}

/** What is sold. */
export const orderOf = ({ server, merchant, product, session, clientSecret }: Plan): string =>
  JSON.stringify([server, merchant, product, session, clientSecret]);

/** Plans with another identity need another session: what is sold, and to whom. */
export const identityOf = (plan: Plan): string => JSON.stringify([orderOf(plan), plan.customerToken]);

/** The same on every load of the page. A backend may make its session anew on each of them, so that its id says nothing. */
export const keyParts = (plan: Plan): (string | undefined)[] =>
  plan.session ? ['session'] : [plan.merchant, plan.product];

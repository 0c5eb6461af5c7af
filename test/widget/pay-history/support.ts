import { waitUntil } from '@open-wc/testing';
import type { MyPaymentRow } from '../../../contract/index.js';
import '../../../widget/define-history.js';
import type { PayHistory } from '../../../widget/index.js';
import { tokenOf } from '../../support/history-rows.js';
import { server, serverUrl } from '../support/page.js';

type Attributes = Record<string, string | number | boolean | undefined>;

/** The shopper of most tests. */
export const ada = tokenOf('ada');

/** The element with these attributes; the token is set as a property, as a page should. */
export function place(
  attributes: Attributes = {},
  token: string | undefined = ada,
  into: ParentNode & Node = document.body,
): PayHistory {
  const element = document.createElement('pay-history');
  const all: Attributes = { server: serverUrl, merchant: 'pk_1', ...attributes };
  for (const [name, value] of Object.entries(all))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  element.customerToken = token;
  into.append(element);
  return element;
}

/** Waits until it is so; longer than a busy machine takes. */
export const until = (isSo: () => unknown, what: string): Promise<void> =>
  waitUntil(() => Boolean(isSo()), what, { timeout: 20_000, interval: 10 });

export async function inState(element: PayHistory, state: PayHistory['state']): Promise<PayHistory> {
  await until(() => element.state === state, `${state}, not ${element.state}`);
  await element.updateComplete;
  return element;
}

/** A list of these payments. */
export function list(rows: MyPaymentRow[], attributes: Attributes = {}): Promise<PayHistory> {
  server.histories.set(ada, rows);
  return inState(place(attributes), rows.length > 0 ? 'list' : 'empty');
}

export const shadow = (element: PayHistory): ShadowRoot => element.shadowRoot as ShadowRoot;
export const finds = (element: PayHistory, selector: string): HTMLElement[] => [
  ...shadow(element).querySelectorAll<HTMLElement>(selector),
];

export function find(element: PayHistory, selector: string): HTMLElement {
  const [found] = finds(element, selector);
  if (!found) throw new Error(`no ${selector} in ${text(element)}`);
  return found;
}

export const text = (element: PayHistory): string => shadow(element).textContent ?? '';
export const saying = (element: PayHistory, words: string): Promise<void> =>
  until(() => text(element).includes(words), `"${words}", not ${text(element).replace(/\s+/g, ' ')}`);

/** What is read out. */
export const spoken = (element: PayHistory): string => find(element, '[role=status]').textContent?.trim() ?? '';

export const rowsOf = (element: PayHistory): HTMLElement[] => finds(element, '[part=payment]');

/** A button or link by its words. */
export function button(element: PayHistory, words: string): HTMLElement {
  const all = finds(element, 'button, a[href]');
  const found = all.find((each) => each.innerText.includes(words));
  if (!found) throw new Error(`no button "${words}" among ${all.map(({ innerText }) => innerText).join(' | ')}`);
  return found;
}

/** What the server was asked about the list. */
export const asked = () => server.requests('GET /me/payments');
export const queryOf = ({ path }: { path: string }) => new URL(path, 'https://pay.example').searchParams;

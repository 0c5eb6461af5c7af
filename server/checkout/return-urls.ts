import type { ReturnUrls } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { Merchant } from '../merchants/merchant.js';
import type { Instant } from '../ops/clock.js';

/** Every URL that a shopper is sent to must be on an origin that the merchant listed. */
export function checkReturnUrls(merchant: Merchant, urls: ReturnUrls | undefined): ReturnUrls | undefined {
  if (!urls) return undefined;
  const entries = Object.entries(urls).filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const [name, url] of entries) checkReturnUrl(merchant, url, `returnUrls.${name}`);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as ReturnUrls);
}

export function checkReturnUrl(merchant: Merchant, url: string, path: string): void {
  const origin = originOf(url);
  if (origin !== undefined && merchant.origins.includes(origin)) return;
  const message =
    origin === undefined
      ? 'must be an absolute http or https URL'
      : `is on ${origin}, which is not among the origins of merchant "${merchant.id}" (setting: origins)`;
  throw new ApiError('return_url_not_allowed', `${path} ${message}.`, { errors: [{ path, message }] });
}

function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, origin, username, password } = new URL(url);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' ? origin : undefined;
}

/** How long a browser may come back after the session closed: its window's deadline, and a day. */
export const returnTokenLifeMs = (attemptDeadlineMs: number): number => attemptDeadlineMs + 24 * 60 * 60_000;

/** Where the provider sends the shopper: the page, with which session it was and a token that may see its outcome. */
export function returnUrl(page: string, session: string, token: string): string {
  const url = new URL(page);
  url.searchParams.set('pc_session', session);
  url.searchParams.set('pc_return', token);
  return url.href;
}

export const returnTokenExpiry = (openUntil: Instant, attemptDeadlineMs: number): Instant =>
  openUntil + returnTokenLifeMs(attemptDeadlineMs);

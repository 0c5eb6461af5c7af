import type { Environment } from './environment.js';
import { ours, type Resumable, secretName } from './resume.js';

/** Before the window opens: whoever comes back to this tab finds the payment again. */
export function remember(env: Environment, checkout: string | undefined, session: string, secret: string): void {
  env.storage.set(secretName(session), secret);
  if (checkout) env.entry.write(checkout, { session } satisfies Resumable);
}

/**
 * Where the provider's window returns to: this page, with which of its checkouts it was. Providers append their own query without
 * minding a fragment, so that one travels as a parameter. `undefined` where nothing can be returned to (a file, a sandboxed frame).
 */
export function returnPage(env: Environment, checkout: string): string | undefined {
  if (!/^https?:/.test(env.address())) return undefined;
  const url = new URL(env.address());
  if (url.hash) url.searchParams.set(ours.hash, url.hash);
  url.searchParams.set(ours.checkout, checkout);
  url.hash = '';
  return url.href;
}

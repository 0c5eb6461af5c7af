import type { Hints } from '../providers/launcher.js';
import type { Environment } from './environment.js';
import type { Told } from './outcomes.js';

/** A payment that this page was left for, or that it showed before a reload. */
export interface Resumable {
  session: string;
  /** The return token, which may look and verify; the tab's own secret (`secretOf`) may do more. */
  token?: string;
  hints?: Hints;
  told?: Told;
}

const ours = { session: 'pc_session', token: 'pc_return', checkout: 'pc_checkout', hash: 'pc_hash' } as const;
/** Names of both providers' return parameters that are passed on; all that follow ours are taken away. */
const passed = ['paymentKey', 'orderId', 'amount', 'paymentType', 'txId', 'paymentToken', 'code', 'message'] as const;

/** What a return brings for whichever checkout it belongs to, where the address does not say. */
const anyone = '';

/**
 * Takes what a redirect brought out of the address, before anything else can see it there, and keeps it with the entry of the history:
 * the same again after a reload. Needs both of our parameters; without them the address is somebody else's.
 */
export function takeReturn(env: Environment): void {
  if (!URL.canParse(env.address())) return;
  const url = new URL(env.address());
  const query = url.searchParams;
  const session = query.get(ours.session);
  const token = query.get(ours.token);
  if (!session || !token) return;
  const checkout = query.get(ours.checkout) ?? anyone;
  const hash = query.get(ours.hash);
  // The page may have a `code` or an `amount` of its own: providers put theirs behind what we gave them.
  const entries = [...query];
  const end = entries.findIndex(([name]) => name === ours.token);
  const pages = entries.slice(0, end).filter(([name]) => !(Object.values(ours) as string[]).includes(name));
  const resumable: Resumable = { session, token, ...hintsOf(new URLSearchParams(entries.slice(end + 1))) };
  url.search = new URLSearchParams(pages).toString();
  if (hash) url.hash = hash;
  env.entry.write(checkout, resumable, url.href);
}

function hintsOf(query: URLSearchParams): Pick<Resumable, 'hints' | 'told'> {
  const given = Object.fromEntries(passed.map((name) => [name, query.get(name)]).filter(([, value]) => value));
  const { amount, ...hints } = given as Record<string, string>;
  const orderId = hints.orderId ?? query.get('paymentId') ?? undefined;
  // PortOne says in `pgCode` what the payment company said; its own code is the same for a refusal and a closed window.
  const code = query.get('pgCode') ?? hints.code;
  const message = query.get('pgMessage') ?? hints.message;
  return {
    hints: { ...hints, ...(orderId && { orderId }), ...(amount && { amount: Number(amount) }) },
    ...(hints.code && { told: { ...(code && { code }), ...(message && { message }) } }),
  };
}

/** What belongs to this checkout: a return that names it, or one that names nobody and whose session is nobody else's. */
export function resumeOf(env: Environment, checkout: string, session?: string): Resumable | undefined {
  const own = read(env, checkout);
  if (own) return own;
  const found = read(env, anyone);
  if (!found || (session !== undefined && session !== found.session)) return undefined;
  env.entry.write(anyone, undefined);
  env.entry.write(checkout, found);
  return found;
}

function read(env: Environment, checkout: string): Resumable | undefined {
  const value = env.entry.read(checkout) as Partial<Resumable> | undefined;
  return typeof value?.session === 'string' ? (value as Resumable) : undefined;
}

const secretName = (session: string) => `pay-checkout:${session}`;

/** Before the window opens: whoever comes back to this tab finds the payment again. */
export function remember(env: Environment, checkout: string | undefined, session: string, secret: string): void {
  env.storage.set(secretName(session), secret);
  if (checkout) env.entry.write(checkout, { session } satisfies Resumable);
}

/** Another order is wanted on this page. The secret stays: the way back may still lead to the old one. */
export const forget = (env: Environment, checkout: string): void => env.entry.write(checkout, undefined);

export const secretOf = (env: Environment, session: string): string | undefined => env.storage.get(secretName(session));

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

/** Short, the same on every load of the page, and no secret. */
export function checkoutKey(...parts: (string | undefined)[]): string {
  let hash = 0x811c9dc5;
  for (const char of parts.join('\n')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}

const inUse = new Set<string>();

/** The key of a checkout on this page: twins are told apart by their order. `release` gives it back. */
export function claimKey(base: string): { key: string; release(): void } {
  let key = base;
  for (let twin = 2; inUse.has(key); twin += 1) key = `${base}-${twin}`;
  inUse.add(key);
  return { key, release: () => inUse.delete(key) };
}

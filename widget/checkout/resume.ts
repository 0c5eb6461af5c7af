import type { Environment } from './environment.js';

/** A payment that this page was left for, or that it showed before a reload. */
export interface Resumable {
  session: string;
  /** The return token, which may look and verify; the tab's own secret (`secretName`) may do more. */
  token?: string;
  /** What the provider added to the address: see `returned.ts`. */
  query?: string;
}

export const ours = { session: 'pc_session', token: 'pc_return', checkout: 'pc_checkout', hash: 'pc_hash' } as const;

/** The sessions that the page's own address brought since it was loaded, until somebody has shown what became of them. */
export const arrivals = new Set<string>();

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
  const resumable: Resumable = { session, token, query: String(new URLSearchParams(entries.slice(end + 1))) };
  url.search = String(new URLSearchParams(pages));
  if (hash) url.hash = hash;
  arrivals.add(session);
  env.entry.write(checkout, resumable, url.href);
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

export const secretName = (session: string) => `pay-checkout:${session}`;

/** Another order is wanted on this page. The secret stays: the way back may still lead to the old one. */
export const forget = (env: Environment, checkout: string): void => env.entry.write(checkout, undefined);

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

import type { LoadOptions, Unavailable } from './launcher.js';

/** A script that answers later than this is given up on; the shopper is told, and may try again. */
const patienceMs = 15_000;
/** One more try by itself: on a phone's network the first request is the one that gets lost. */
const tries = 2;
const pauseMs = 400;

interface Load {
  /** Resolves when the script has run (`undefined`), or with why it did not. */
  readonly ended: Promise<Unavailable | undefined>;
  /** What the script left under its name. */
  value?: unknown;
}

/** By URL. A load that failed is not in it: the next call is a new try. */
const loads = new Map<string, Load>();

/**
 * Loads a provider's script, once for each URL, and keeps what it put on `window` under `name`. Never rejects.
 * On a server it never settles. A script that the page itself loaded from the same URL is used as it is.
 */
export function loadScript(src: string, name: string, options: LoadOptions = {}): Promise<Unavailable | undefined> {
  const known = loads.get(src);
  if (known) return known.ended;
  if (typeof document === 'undefined') return new Promise(() => {});
  const load: Load = {
    ended: run(src, name, options).then((outcome) => {
      if ('value' in outcome) {
        load.value = outcome.value;
        return undefined;
      }
      loads.delete(src);
      return outcome;
    }),
  };
  loads.set(src, load);
  return load.ended;
}

/** What the script of this URL put on `window`; `undefined` until it is there. */
export const loadedScript = (src: string): unknown => loads.get(src)?.value;

type Outcome = { readonly value: unknown } | Unavailable;

const globals = () => window as unknown as Record<string, unknown>;

async function run(src: string, name: string, { nonce }: LoadOptions): Promise<Outcome> {
  const own = [...document.scripts].some((script) => script.src === src);
  if (own && globals()[name] !== undefined) return { value: globals()[name] };
  for (let left = tries; ; ) {
    const outcome = await insert(src, name, nonce);
    left -= 1;
    if ('value' in outcome || outcome.why === 'script_timeout' || left === 0) return outcome;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** One tag. It is removed where nothing came of it, so that no dead tag stands in the way of whoever looks for one. */
function insert(src: string, name: string, nonce: string | undefined): Promise<Outcome> {
  // A page may use an older script of the same provider under the same name (Toss v1): it gets its own back.
  const before = globals()[name];
  const tag = document.createElement('script');
  tag.src = src;
  tag.async = true;
  if (nonce) tag.nonce = nonce;
  return new Promise((resolve) => {
    const fail = (why: 'script_blocked' | 'script_timeout', code: string) => {
      clearTimeout(late);
      tag.remove();
      resolve({ outcome: 'unavailable', why, code, message: src });
    };
    const late = setTimeout(() => fail('script_timeout', 'no_answer'), patienceMs);
    tag.addEventListener('error', () => fail('script_blocked', 'not_loaded'));
    tag.addEventListener('load', () => {
      const value = globals()[name];
      // Some blockers answer with an empty script instead of none.
      if (value === undefined) return fail('script_blocked', 'nothing_defined');
      clearTimeout(late);
      if (before !== undefined) globals()[name] = before;
      resolve({ value });
    });
    document.head.append(tag);
  });
}

/** What the checkout needs of the world around it. A page has it all; tests bring their own. */
export interface Environment {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once, after so many milliseconds; the answer cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** 128 random bits. */
  random(): Uint8Array;
  /** Kept for this tab. A browser that keeps nothing gives `undefined` and stays silent. */
  storage: {
    get(key: string): string | undefined;
    set(key: string, value: string): void;
  };
  isOnline(): boolean;
  isVisible(): boolean;
  /** Tells of each change of `isOnline` and `isVisible`, and of a page that comes back out of the back-forward cache; the answer ends it. */
  watch(listener: (change: 'online' | 'visible' | 'restored') => void): () => void;
  /** May a window be opened now, as far as the browser says? */
  mayOpen(): boolean;
  /** The page's address. */
  address(): string;
  /** What is kept with this entry of the history: survives a reload and the way back. */
  entry: {
    read(key: string): unknown;
    /** `undefined` forgets. With an address, the entry gets that one. */
    write(key: string, value: unknown, address?: string): void;
  };
  userAgent: string;
}

const quietly = <T>(action: () => T): T | undefined => {
  try {
    return action();
  } catch {
    return undefined;
  }
};

/** Everything that we keep in an entry of the history, under one name beside what the page's own router keeps there. */
const entryName = 'payCheckout';

type Entries = Record<string, unknown>;

/** What the page keeps in the entry. Something that holds no other names (a text, a list) is left as it is: ours then ends with the page. */
const stateOf = ({ history: { state } }: Window): Entries | undefined =>
  state === null || (typeof state === 'object' && !Array.isArray(state)) ? { ...state } : undefined;

export function browserEnvironment(view: Window): Environment {
  const { document: page, navigator } = view;
  let aside: Entries = {};
  const readEntries = (): Entries => {
    const state = stateOf(view);
    return state ? { ...(state[entryName] as Entries | undefined) } : aside;
  };
  return {
    fetch: (url, init) => view.fetch(url, init),
    now: () => Date.now(),
    after(ms, callback) {
      const timer = view.setTimeout(callback, ms);
      return () => view.clearTimeout(timer);
    },
    random: () => crypto.getRandomValues(new Uint8Array(16)),
    storage: {
      get: (key) => quietly(() => view.sessionStorage.getItem(key)) ?? undefined,
      set: (key, value) => quietly(() => view.sessionStorage.setItem(key, value)),
    },
    isOnline: () => navigator.onLine !== false,
    isVisible: () => page.visibilityState !== 'hidden',
    watch(listener) {
      const stop = new AbortController();
      const { signal } = stop;
      view.addEventListener('online', () => listener('online'), { signal });
      view.addEventListener('offline', () => listener('online'), { signal });
      view.addEventListener('pageshow', ({ persisted }) => persisted && listener('restored'), { signal });
      page.addEventListener('visibilitychange', () => listener('visible'), { signal });
      return () => stop.abort();
    },
    mayOpen: () => navigator.userActivation?.isActive ?? true,
    address: () => view.location.href,
    entry: {
      read: (key) => readEntries()[key],
      write(key, value, address) {
        const { [key]: _before, ...others } = readEntries();
        aside = value === undefined ? others : { ...others, [key]: value };
        const own = stateOf(view);
        const state: unknown = own ? { ...own, [entryName]: aside } : view.history.state;
        // Some frames and file pages forbid it; then a reload starts anew.
        quietly(() => view.history.replaceState(state, '', address ?? view.location.href));
      },
    },
    userAgent: navigator.userAgent,
  };
}

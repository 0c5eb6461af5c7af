import type { Buyer, Launch, VerifySession } from '../../contract/index.js';

/**
 * What one provider's browser SDK can do, as the checkout sees it. One launcher per provider, each a chunk of its own
 * (`load-launcher.ts`). It knows nothing of sessions or of our server, and nothing it says is evidence: the server asks the provider.
 */
export interface Launcher {
  /**
   * Fetches the provider's script. May be called as often as one likes: a script that is there, or on its way, is not fetched again, and
   * a failure is forgotten. Never rejects. `undefined`: `open` and `mount` may be called.
   */
  preload(launch: Launch, options?: LoadOptions): Promise<Unavailable | undefined>;

  /** Is the script there, so that `open` reaches the provider within the task that it is called in? */
  isReady(launch: Launch): boolean;

  /**
   * Opens the provider's window. To be called inside the shopper's click: the provider is called before the first `await`, or the browser
   * blocks the window. Never rejects. A promise that never settles means that the page is leaving.
   */
  open(launch: Launch, context: OpenContext): Promise<LaunchResult>;

  /** Draws the provider's own controls into the page. Only for launches of the kinds `widget` and `ui`. Never rejects. */
  mount?(launch: Launch, places: MountPlaces, handlers: MountHandlers): Promise<Mounted | Unavailable>;
}

export interface LoadOptions {
  /** CSP nonce for the script tag. */
  nonce?: string;
}

export interface OpenContext {
  /** What the shopper typed since the launch was made: it goes over the launch's own. */
  buyer?: Buyer;
  /**
   * `auto`: a promise where the provider can give one, a redirect where it can't (phones). `always`: leave the page and come back, as
   * in-app browsers need it. Without a return URL in the launch there is only the promise.
   */
  redirect: 'auto' | 'always';
}

/** Elements of the document, not of a shadow root: providers look them up by selector. They have ids of their own. */
export interface MountPlaces {
  /** The provider's methods, or its button. */
  methods: HTMLElement;
  /** Its terms (Toss widget). */
  agreement: HTMLElement;
}

export interface MountHandlers {
  /** May the pay button be pressed, as far as the provider's controls are concerned? (Toss: the required terms are agreed to.) */
  onReady(ready: boolean): void;
  /** The provider's own button was pressed (PayPal): its window is about to open. May be missed where the provider doesn't say. */
  onOpening(): void;
  /** How what the provider's own button opened has ended. */
  onResult(result: LaunchResult): void;
}

/** Controls that were drawn. */
export interface Mounted {
  /** Absent where the provider's own button is the only way (PayPal): the pay button is hidden then. As `Launcher.open`. */
  open?(launch: Launch, context: OpenContext): Promise<LaunchResult>;
  /** The amount or the buyer changed: another launch of the same kind, without drawing again. Never rejects. */
  update(launch: Launch): Promise<Unavailable | undefined>;
  /** Takes the controls away; may be called twice. */
  unmount(): void;
}

/** How it went, as the browser was told. Closed: whoever adds an outcome is made to handle it. */
export type LaunchResult =
  /** The shopper came through. Not evidence that anything was paid. */
  | { outcome: 'returned'; hints: Hints }
  /** The provider says no, in its own code and words. */
  | { outcome: 'failed'; code: string; message?: string; hints: Hints }
  /** The shopper closed the window, as far as the provider's code says so. */
  | { outcome: 'canceled'; code: string; hints: Hints }
  /** No window was opened: something in the provider's controls is missing still (terms, a method). */
  | { outcome: 'incomplete'; code: string; message?: string }
  /** The page is leaving; nothing may run after this. */
  | { outcome: 'redirecting' }
  | Unavailable;

/** No window was opened, and nothing the shopper could do in it. */
export interface Unavailable {
  outcome: 'unavailable';
  why: UnavailableReason;
  /** The provider's code, or ours. For the site owner. */
  code: string;
  message?: string;
}

/**
 * `script_blocked`: an ad blocker, a content security policy or a network rule stopped the script. `script_timeout`: no answer in time.
 * `window_blocked`: the browser kept the window shut; another click helps. `misconfigured`: only the site owner can mend it.
 */
export type UnavailableReason = 'script_blocked' | 'script_timeout' | 'window_blocked' | 'misconfigured';

/** What the browser was told, to be sent to verify as a hint. `amount` is in major units, as the provider said it. */
export type Hints = Omit<VerifySession, 'session'>;

export type LauncherOf = (provider: Launch['provider']) => Promise<Launcher>;

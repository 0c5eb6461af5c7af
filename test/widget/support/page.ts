import { aTimeout, expect, waitUntil } from '@open-wc/testing';
import { executeServerCommand, resetMouse, sendKeys, sendMouse, setViewport } from '@web/test-runner-commands';
import '../../../widget/define.js';
import type { PayCheckout } from '../../../widget/index.js';
import { type Answer, ShopServer } from '../../support/shop-server.js';
import { Windows } from './windows.js';

declare global {
  interface Window {
    /** Errors of the page that no test caught. */
    errorsOutside: string[];
  }
}

let tests = 0;
/** Another one for each test: what an element of the test before still asks does not come here. */
export let serverUrl = '';

/** The server and the provider of the test that runs. */
export let server = new ShopServer();
export let windows = new Windows();
/** What the page wrote to the console as warnings and errors. */
export let said: string[] = [];

const { fetch } = window;
const { setTimeout: startTimer, clearTimeout: stopTimer } = window;
const { now: readClock } = Date;
const { warn, error } = console;
const address = location.href;

const answerOf = ({ status = 200, body, html, retryAfter }: Answer): Response => {
  const type = html === undefined ? 'application/json' : 'text/html';
  const headers = { 'content-type': type, ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) };
  return new Response(status === 204 ? null : (html ?? JSON.stringify(body ?? {})), { status, headers });
};

async function shopFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input);
  const root = `${serverUrl}/api/v1`;
  if (/^https:\/\/pay-\d+\.example\//.test(url) && !url.startsWith(root)) throw new TypeError('Failed to fetch');
  if (!url.startsWith(root)) return fetch(input, init);
  const headers = new Headers(init.headers);
  const aborted = new Promise<never>((_resolve, reject) => {
    init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
  aborted.catch(() => undefined);
  if (!navigator.onLine) throw new TypeError('Failed to fetch');
  const answer = server.answer({
    method: init.method ?? 'GET',
    path: url.slice(root.length),
    token: headers.get('authorization')?.replace('Bearer ', ''),
    body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
  });
  const given = await Promise.race([answer, aborted]);
  if (given === 'lost') throw new TypeError('Failed to fetch');
  return given === 'never' ? aborted : answerOf(given);
}

// Time: what waits longer than a moment waits for the test.

const moment = 300;
let held: { at: number; run: () => void; id: number }[] | undefined;
let ahead = 0;

/** From now on timers of more than a moment run by `advance` only. */
export function holdTime(): void {
  held = [];
  let lastId = 1_000_000;
  window.setTimeout = ((run: () => void, ms = 0, ...more: unknown[]) => {
    if (ms < moment) return startTimer(run, ms, ...more);
    lastId += 1;
    held?.push({ at: Date.now() + ms, run, id: lastId });
    return lastId;
  }) as typeof window.setTimeout;
  window.clearTimeout = (id) => {
    held = held?.filter((timer) => timer.id !== id);
    stopTimer(id);
  };
  Date.now = () => readClock() + ahead;
}

export async function advance(ms: number): Promise<void> {
  ahead += ms;
  for (;;) {
    await aTimeout(0);
    const due = held?.filter(({ at }) => at <= Date.now()) ?? [];
    if (due.length === 0) return;
    held = held?.filter((timer) => !due.includes(timer));
    for (const { run } of due) run();
  }
}

/** Timers run by themselves again; those that were held are forgotten. */
export function releaseTime(): void {
  window.setTimeout = startTimer;
  window.clearTimeout = stopTimer;
  held = undefined;
}

let isOnline = true;
/** The network of the page goes, or comes back. */
export function goOnline(is: boolean): void {
  isOnline = is;
  window.dispatchEvent(new Event(is ? 'online' : 'offline'));
}

export const chrome = (method: string, params: object = {}): Promise<unknown> =>
  executeServerCommand('chrome', { method, params });

/** Media features, as `{ 'forced-colors': 'active' }`; until the test is over. */
export const emulate = (features: Record<string, string>): Promise<unknown> =>
  chrome('Emulation.setEmulatedMedia', {
    features: Object.entries(features).map(([name, value]) => ({ name, value })),
  });

/** The width of the page in CSS pixels; until the test is over. */
export const resize = (width: number, height = 800): Promise<void> => setViewport({ width, height });

beforeEach(() => {
  tests += 1;
  serverUrl = `https://pay-${tests}.example`;
  server = new ShopServer();
  windows = new Windows();
  server.script = windows.script;
  said = [];
  isOnline = true;
  window.fetch = shopFetch;
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => isOnline });
  console.warn = (...words) => said.push(words.join(' '));
  console.error = (...words) => said.push(words.join(' '));
});

afterEach(async () => {
  document.body.querySelectorAll(':not(script)').forEach((element) => {
    element.remove();
  });
  // What a removed element still has to do, it does now.
  await aTimeout(1);
  for (const end of leaving.splice(0)) end();
  window.fetch = fetch;
  releaseTime();
  Date.now = readClock;
  ahead = 0;
  console.warn = warn;
  console.error = error;
  sessionStorage.clear();
  history.replaceState(null, '', address);
  document.documentElement.removeAttribute('style');
  document.documentElement.lang = 'ko';
  document.documentElement.dir = '';
  await emulate({});
  await resize(800, 600);
  await resetMouse();
  await aTimeout(0);
  complain();
});

after(async () => {
  await aTimeout(20);
  complain();
});

/** The runner itself prints such errors and passes. */
function complain(): void {
  const errors = window.errorsOutside.splice(0);
  if (errors.length > 0) throw new Error(`errors outside of a test:\n${errors.join('\n')}`);
}

// The element

type Attributes = Record<string, string | number | boolean | undefined>;

/** The element with these attributes; `true` is an attribute without a value. Without merchant or session it gets ours. */
export function place(attributes: Attributes = {}, into: ParentNode & Node = document.body): PayCheckout {
  const element = document.createElement('pay-checkout');
  const session = 'session' in attributes;
  const usual = { server: serverUrl, ...(!session && { merchant: 'pk_1', product: 'coffee' }) };
  const all: Attributes = { ...usual, ...attributes };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  into.append(element);
  return element;
}

/** Waits until it is so; longer than a busy machine takes. */
export const until = (isSo: () => unknown, what: string): Promise<void> =>
  waitUntil(() => Boolean(isSo()), what, { timeout: 20_000, interval: 10 });

export async function inState(element: PayCheckout, state: PayCheckout['state']): Promise<PayCheckout> {
  await until(() => element.state === state, `${state}, not ${element.state}`);
  await element.updateComplete;
  return element;
}

/** A form that can be paid. */
export const form = (attributes: Attributes = {}): Promise<PayCheckout> => inState(place(attributes), 'form');

/** The session is made, the script is there: a click opens the window at once. */
export async function ready(element: PayCheckout): Promise<PayCheckout> {
  const before = windows.loads;
  card(element).dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true }));
  await until(() => windows.loads > before || windows.isLoaded, 'the script of the provider');
  await aTimeout(20);
  return element;
}

export const shadow = (element: PayCheckout): ShadowRoot => element.shadowRoot as ShadowRoot;

export function find<T extends Element = HTMLElement>(element: PayCheckout, selector: string): T {
  const found = shadow(element).querySelector<T>(selector);
  if (!found) throw new Error(`no ${selector} in ${text(element)}`);
  return found;
}
export const finds = (element: PayCheckout, selector: string): HTMLElement[] => [
  ...shadow(element).querySelectorAll<HTMLElement>(selector),
];

export const card = (element: PayCheckout): HTMLElement => find(element, '[part=card]');
export const payButton = (element: PayCheckout): HTMLButtonElement => find(element, 'button[type=submit]');
export const dialog = (element: PayCheckout): HTMLDialogElement => find(element, 'dialog');
/** A button or link by its words. */
export function button(element: PayCheckout, words: string): HTMLElement {
  const all = finds(element, 'button, a[href]');
  const found = all.find((each) => each.innerText.includes(words) || each.getAttribute('aria-label') === words);
  if (!found) throw new Error(`no button "${words}" among ${all.map(({ innerText }) => innerText).join(' | ')}`);
  return found;
}

/** What can be read, and what a screen reader is told beside it. */
export function text(element: PayCheckout): string {
  const labels = finds(element, '[aria-label]').map((each) => each.getAttribute('aria-label'));
  return [shadow(element).textContent, ...labels].join('\n');
}

export function focused(root: DocumentOrShadowRoot = document): Element | null {
  const inner = root.activeElement?.shadowRoot;
  return inner?.activeElement ? focused(inner) : root.activeElement;
}

/** A click as a hand makes it: the browser counts it. */
export async function click(target: Element): Promise<void> {
  target.scrollIntoView({ block: 'center' });
  const { left, top, width, height } = target.getBoundingClientRect();
  const position: [number, number] = [Math.round(left + width / 2), Math.round(top + height / 2)];
  await sendMouse({ type: 'click', position });
}

/** Keys as hands press them, one after the other: `Tab`, `Shift+Tab`. */
export async function press(...keys: string[]): Promise<void> {
  for (const key of keys) {
    const [name = key, ...modifiers] = key.split('+').reverse();
    for (const down of modifiers) await sendKeys({ down });
    await sendKeys({ press: name });
    for (const up of modifiers) await sendKeys({ up });
  }
}

export const type = (words: string): Promise<void> => sendKeys({ type: words });

/** All events of the element, in their order. */
export function listen(element: EventTarget): CustomEvent[] {
  const heard: CustomEvent[] = [];
  for (const name of ['pay-ready', 'pay-success', 'pay-pending', 'pay-fail', 'pay-cancel', 'pay-error'])
    element.addEventListener(name, (event) => heard.push(event as CustomEvent));
  return heard;
}

interface NavigateEvent extends Event {
  readonly destination: { readonly url: string; readonly sameDocument: boolean };
}

/** Where the page would have gone from now on; it stays. */
export function stay(): string[] {
  const wanted: string[] = [];
  const { navigation } = window as unknown as { navigation: EventTarget };
  const hold = (event: Event) => {
    const { url, sameDocument } = (event as NavigateEvent).destination;
    if (sameDocument) return;
    wanted.push(url);
    event.preventDefault();
  };
  navigation.addEventListener('navigate', hold);
  leaving.push(() => navigation.removeEventListener('navigate', hold));
  return wanted;
}
const leaving: (() => void)[] = [];

/** Pays as far as the provider's window. */
export async function pay(element: PayCheckout): Promise<PayCheckout> {
  await ready(element);
  await click(payButton(element));
  return inState(element, 'paying');
}

export { expect };

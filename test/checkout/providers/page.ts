import { vi } from 'vitest';

/** A script tag of the pretended page. */
export interface Tag extends EventTarget {
  src: string;
  async: boolean;
  nonce?: string;
  remove(): void;
}

/** What a network does with a tag: nothing (it never answers), an error, or a script that runs and defines what it defines. */
export type Network = (tag: Tag) => 'silence' | 'error' | Record<string, unknown>;

/** The little of a page that a script loader touches, planted as globals until `vi.unstubAllGlobals`. */
export function pretendPage(network: Network) {
  const scripts: Tag[] = [];
  const fetched: Tag[] = [];
  const page = new EventTarget() as EventTarget & Record<string, unknown>;
  const append = (tag: Tag) => {
    scripts.push(tag);
    fetched.push(tag);
    queueMicrotask(() => {
      const answer = network(tag);
      if (answer === 'silence') return;
      if (answer !== 'error') Object.assign(page, answer);
      tag.dispatchEvent(new Event(answer === 'error' ? 'error' : 'load'));
    });
  };
  const createElement = (): Tag => {
    const tag = Object.assign(new EventTarget(), { src: '', async: false, remove: () => {} }) as Tag;
    tag.remove = () => void scripts.splice(scripts.indexOf(tag), 1);
    return tag;
  };
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', { scripts, head: { append }, createElement, activeElement: null });
  return { window: page, scripts, fetched };
}

const desktop = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/143.0.0.0 Safari/537.36';
export const phone =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36';

/** The browser, and whether it counts what happens now as the shopper's click. */
export const pretendBrowser = ({ userAgent = desktop, isActive = true } = {}) =>
  vi.stubGlobal('navigator', { userAgent, userActivation: { isActive } });

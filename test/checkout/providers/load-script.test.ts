import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadedScript, loadScript } from '../../../widget/providers/load-script.js';
import { pretendPage } from './page.js';

let number = 0;
/** The loader remembers URLs for the life of a page: each test has its own. */
let src = '';

beforeEach(() => {
  vi.useFakeTimers();
  src = `https://provider.example/${++number}.js`;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const sdk = { pay: () => 'paid' };

describe('loading a provider’s script', () => {
  test('one tag for one URL, however often it is asked for, also at the same time', async () => {
    const page = pretendPage(() => ({ Sdk: sdk }));
    expect(await Promise.all([loadScript(src, 'Sdk'), loadScript(src, 'Sdk')])).toEqual([undefined, undefined]);
    expect(await loadScript(src, 'Sdk')).toBeUndefined();
    expect(page.fetched.map((tag) => [tag.src, tag.async])).toEqual([[src, true]]);
    expect(loadedScript(src)).toBe(sdk);
  });

  test('it is not there before it has run', async () => {
    pretendPage(() => ({ Sdk: sdk }));
    const loading = loadScript(src, 'Sdk');
    expect(loadedScript(src)).toBeUndefined();
    await loading;
    expect(loadedScript(src)).toBe(sdk);
  });

  test('the CSP nonce is passed on; without one the tag has none', async () => {
    const page = pretendPage(() => ({ Sdk: sdk }));
    await loadScript(src, 'Sdk', { nonce: 'r4nd0m' });
    await loadScript(`${src}?other`, 'Sdk');
    expect(page.fetched.map((tag) => tag.nonce)).toEqual(['r4nd0m', undefined]);
  });

  test('a request that is lost once is made again by itself', async () => {
    let requests = 0;
    const page = pretendPage(() => (++requests === 1 ? 'error' : { Sdk: sdk }));
    const loading = loadScript(src, 'Sdk');
    await vi.runAllTimersAsync();
    expect(await loading).toBeUndefined();
    expect(page.scripts).toHaveLength(1);
  });

  test('a blocked script says so, leaves no dead tag, and is forgotten: the next call tries again', async () => {
    let blocked = true;
    const page = pretendPage(() => (blocked ? 'error' : { Sdk: sdk }));
    const loading = loadScript(src, 'Sdk');
    await vi.runAllTimersAsync();
    expect(await loading).toEqual({
      outcome: 'unavailable',
      why: 'script_blocked',
      code: 'not_loaded',
      message: src,
    });
    expect(page.scripts).toEqual([]);
    expect(loadedScript(src)).toBeUndefined();
    blocked = false;
    expect(await loadScript(src, 'Sdk')).toBeUndefined();
    expect(loadedScript(src)).toBe(sdk);
  });

  test('an empty script, as some blockers give instead of none, counts as blocked', async () => {
    pretendPage(() => ({}));
    const loading = loadScript(src, 'Sdk');
    await vi.runAllTimersAsync();
    expect(await loading).toMatchObject({ why: 'script_blocked', code: 'nothing_defined' });
  });

  test('a script that never answers is given up on after fifteen seconds, and not waited for a second time', async () => {
    const page = pretendPage(() => 'silence');
    const loading = loadScript(src, 'Sdk');
    let said: unknown = 'nothing yet';
    void loading.then((outcome) => {
      said = outcome;
    });
    await vi.advanceTimersByTimeAsync(14_999);
    expect(said).toBe('nothing yet');
    await vi.advanceTimersByTimeAsync(1);
    expect(said).toMatchObject({ why: 'script_timeout', code: 'no_answer' });
    expect(page.fetched).toHaveLength(1);
    expect(page.scripts).toEqual([]);
  });

  test('a script that the page itself loaded is used as it is', async () => {
    const page = pretendPage(() => 'error');
    page.window.Sdk = sdk;
    page.scripts.push({ src } as (typeof page.scripts)[number]);
    expect(await loadScript(src, 'Sdk')).toBeUndefined();
    expect(page.fetched).toEqual([]);
    expect(loadedScript(src)).toBe(sdk);
  });

  test('another script of the page under the same name keeps it', async () => {
    const page = pretendPage(() => ({ Sdk: sdk }));
    const older = { version: 1 };
    page.window.Sdk = older;
    await loadScript(src, 'Sdk');
    expect(loadedScript(src)).toBe(sdk);
    expect(page.window.Sdk).toBe(older);
  });

  test('on a server it does nothing and settles nothing', async () => {
    let settled = false;
    void loadScript(src, 'Sdk').finally(() => {
      settled = true;
    });
    await vi.runAllTimersAsync();
    expect(settled).toBe(false);
  });
});

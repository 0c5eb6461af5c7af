import { describe, expect, test } from 'vitest';
import { onPhone, prefersRedirect } from '../../../widget/providers/browser.js';
import { inAppBrowser } from '../../../widget/providers/in-app-browser.js';

const android = 'Mozilla/5.0 (Linux; Android 14; SM-S921N Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko)';
const ios = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const page = 'https://blog.example/글?a=1&b=2#part';
const encoded = encodeURIComponent(page);

describe('a browser inside another app', () => {
  test.each([
    `${android} Version/4.0 Chrome/143.0 Mobile Safari/537.36;KAKAOTALK 2510460`,
    `${ios} Mobile/22B83 KAKAOTALK 10.9.5`,
    `${android} Chrome/143.0 Mobile Safari/537.36 NAVER(inapp; search; 2000; 12.9.1)`,
    `${ios} Mobile/22B83 Safari/604.1 Line/14.19.0`,
    `${ios} Mobile/22B83 Instagram 355.0.0.29.98 (iPhone15,2)`,
    `${android} Chrome/143.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/490.0.0.63.82;]`,
    `${ios} Mobile/22B83 [FBAN/FBIOS;FBAV/490.0.0.0;FBDV/iPhone15,2]`,
    `${android} Chrome/143.0 Mobile Safari/537.36 DaumApps/8.1.0 DaumDevice/mobile`,
    `${android} Chrome/143.0 Mobile Safari/537.36 BAND/17.0.1`,
  ])('is known by its user agent: %s', (userAgent) => {
    expect(inAppBrowser(userAgent)).toBeDefined();
    expect(prefersRedirect(userAgent)).toBe(true);
  });

  test.each([
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36',
    `${ios} Version/18.1 Mobile/15E148 Safari/604.1`,
    'Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Whale/4.30 Safari/537.36',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15 Online/1',
  ])('is not seen in a browser of its own: %s', (userAgent) => {
    expect(inAppBrowser(userAgent)).toBeUndefined();
    expect(prefersRedirect(userAgent)).toBe(onPhone(userAgent));
  });

  test('KakaoTalk and LINE have their own way out, on both systems', () => {
    for (const system of [android, ios]) {
      expect(inAppBrowser(`${system} KAKAOTALK 10`)?.openElsewhere?.(page)).toBe(
        `kakaotalk://web/openExternal?url=${encoded}`,
      );
      const line = new URL(inAppBrowser(`${system} Line/14`)?.openElsewhere?.(page) as string);
      expect(line.searchParams.get('openExternalBrowser')).toBe('1');
      expect(line.searchParams.get('a')).toBe('1');
    }
  });

  test('the others have one on Android, and none is made up for the iPhone', () => {
    const way = inAppBrowser(`${android} Instagram 355`)?.openElsewhere?.(page);
    expect(way).toBe(
      `intent://blog.example/%EA%B8%80?a=1&b=2#Intent;scheme=https;S.browser_fallback_url=${encoded};end`,
    );
    expect(inAppBrowser(`${ios} Instagram 355`)).toEqual({});
    expect(inAppBrowser(`${ios} NAVER(inapp; search; 1)`)).toEqual({});
  });
});

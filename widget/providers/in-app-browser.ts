import { apps } from './browser.js';

/** A browser inside another app, where popups and jumps to a bank's app often fail. */
export interface InAppBrowser {
  /** The address that shows `url` in the phone's own browser. Absent where no way is known: then the app's menu has one. */
  readonly openElsewhere?: (url: string) => string;
}

const kakaoTalk = (url: string) => `kakaotalk://web/openExternal?url=${encodeURIComponent(url)}`;

/** LINE looks for this parameter in any link. */
function line(url: string): string {
  const address = new URL(url);
  address.searchParams.set('openExternalBrowser', '1');
  return address.href;
}

/** Most apps' web views pass `intent:` on to Android, which opens the browser that the shopper chose. It has no room for a fragment. */
function intent(url: string): string {
  const { protocol, host, pathname, search } = new URL(url);
  return `intent://${host}${pathname}${search}#Intent;scheme=${protocol.slice(0, -1)};S.browser_fallback_url=${encodeURIComponent(url)};end`;
}

/** By its user agent; `undefined` for a browser of its own. The ways out of KakaoTalk and LINE are their own, on both systems. */
export function inAppBrowser(userAgent: string): InAppBrowser | undefined {
  if (!apps.test(userAgent)) return undefined;
  if (/KAKAOTALK/i.test(userAgent)) return { openElsewhere: kakaoTalk };
  if (/\bLine\//i.test(userAgent)) return { openElsewhere: line };
  return /Android/i.test(userAgent) ? { openElsewhere: intent } : {};
}

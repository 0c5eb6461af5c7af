/** A browser inside another app, where popups and jumps to a bank's app often fail. */
export interface InAppBrowser {
  /** The app, as people call it. */
  readonly name: string;
  /** The address that shows `url` in the phone's own browser. Absent where no way is known: then the app's menu has one. */
  readonly openElsewhere?: (url: string) => string;
}

const android = /Android/i;
const phones = /Android|iPhone|iPad|iPod|Mobile/i;

/** Chrome's and most apps' web views pass `intent:` on to Android, which opens the browser that the shopper chose. */
function intent(url: string): string {
  const { protocol, host, pathname, search } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const fallback = encodeURIComponent(url);
  return `intent://${host}${pathname}${search}#Intent;scheme=${scheme};action=android.intent.action.VIEW;category=android.intent.category.BROWSABLE;S.browser_fallback_url=${fallback};end`;
}

const kakaoTalk = (url: string) => `kakaotalk://web/openExternal?url=${encodeURIComponent(url)}`;

/** LINE looks for this parameter in any link. */
function line(url: string): string {
  const address = new URL(url);
  address.searchParams.set('openExternalBrowser', '1');
  return address.href;
}

/** The first that fits: Instagram and Facebook put both of their words into some. The ways out are the apps' own, on both systems. */
const apps: readonly (readonly [pattern: RegExp, name: string, way?: (url: string) => string])[] = [
  [/KAKAOTALK/i, 'KakaoTalk', kakaoTalk],
  [/NAVER\(inapp/i, 'NAVER'],
  [/\bLine\//i, 'LINE', line],
  [/DaumApps/i, 'Daum'],
  [/\bBAND\//i, 'BAND'],
  [/Instagram/i, 'Instagram'],
  [/FBAN|FBAV|FB_IAB/i, 'Facebook'],
  [/musical_ly|BytedanceWebview|TikTok/i, 'TikTok'],
  [/everytimeApp/i, 'Everytime'],
];

/** The app that this browser is a part of, by its user agent; `undefined` for a browser of its own. */
export function inAppBrowser(userAgent: string): InAppBrowser | undefined {
  const app = apps.find(([pattern]) => pattern.test(userAgent));
  if (!app) return undefined;
  const [, name, own] = app;
  const way = own ?? (android.test(userAgent) ? intent : undefined);
  return way ? { name, openElsewhere: way } : { name };
}

/** Phones and tablets, as the providers' scripts tell them: by user agent. A tablet that calls itself a computer is one. */
export const onPhone = (userAgent: string): boolean => phones.test(userAgent);

/** Should the payment leave the page and come back? In-app browsers lose windows and overlays, also where they look like a computer's. */
export const prefersRedirect = (userAgent: string): boolean =>
  onPhone(userAgent) || inAppBrowser(userAgent) !== undefined;

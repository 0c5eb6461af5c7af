/** Apps that show pages in a browser of their own, which opens no second window and forgets the page when the app is left. */
const apps = /KAKAOTALK|NAVER\(inapp|Instagram|FBAN|FBAV|Line\/|everytimeApp|DaumApps/i;

export const isInApp = (userAgent: string): boolean => apps.test(userAgent);

/** An address that opens this page in the phone's own browser; `undefined` where the app offers no way and the address must be copied. */
export function outsideAddress(userAgent: string, address: string): string | undefined {
  if (!isInApp(userAgent)) return undefined;
  if (/KAKAOTALK/i.test(userAgent)) return `kakaotalk://web/openExternal?url=${encodeURIComponent(address)}`;
  if (!/Android/i.test(userAgent)) return undefined;
  const { protocol, href } = new URL(address);
  return `intent://${href.slice(protocol.length + 2)}#Intent;scheme=${protocol.slice(0, -1)};end`;
}

/** Apps with a browser inside, by its user agent. */
export const apps =
  /KAKAOTALK|NAVER\(inapp|\bLine\/|DaumApps|\bBAND\/|Instagram|FBAN|FBAV|FB_IAB|musical_ly|BytedanceWebview|everytimeApp/i;
const phones = /Android|iPhone|iPad|iPod|Mobile/i;

/** Phones and tablets, as the providers' scripts tell them: by user agent. A tablet that calls itself a computer is one. */
export const onPhone = (userAgent: string): boolean => phones.test(userAgent);

/** Should the payment leave the page and come back? In-app browsers lose windows and overlays, also where they look like a computer's. */
export const prefersRedirect = (userAgent: string): boolean => onPhone(userAgent) || apps.test(userAgent);

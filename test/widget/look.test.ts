import type { PayCheckout } from '../../widget/index.js';
import { expect, finds, text } from './support/page.js';
import { saying, scenes } from './support/scenes.js';

const themes = ['light', 'dark'] as const;
const locales = ['ko', 'en'] as const;

/** Words that are the same in both languages. */
const anywhere =
  /pay_\d+|item_not_found|missing_attributes|Slow Morning Co\.|Kim Minji|name@example\.com|KB|SC|IBK|HSBC|iM/g;

/** What the site owner is told, only with `debug`, is English. */
const withoutDebug = (element: PayCheckout): string => {
  const debug = finds(element, '[part=debug]').map(({ textContent }) => textContent ?? '');
  return debug.reduce((all, each) => all.replace(each, ''), text(element)).replace(anywhere, '');
};

for (const [name, { state, says, show }] of Object.entries(scenes)) {
  describe(name, () => {
    for (const locale of locales)
      for (const theme of themes)
        it(`has its words and no obstacle: ${locale}, ${theme}`, async () => {
          const element = await show({ locale, theme });
          await saying(element, says[locale]);
          await Promise.all(shadowAnimations(element));
          expect(element.state).to.equal(state);
          const words = withoutDebug(element);
          expect(words).not.to.match(/undefined|null|NaN|Infinity|\[object|Invalid|function/);
          expect(words).not.to.match(locale === 'en' ? /[가-힣]/ : /[A-Za-z]{3,}/);
          await expect(element).to.be.accessible();
        });
  });
}

/** Those that end: a spinner turns for ever. */
const shadowAnimations = (element: PayCheckout): Promise<unknown>[] =>
  (element.shadowRoot?.getAnimations() ?? [])
    .filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
    .map(({ finished }) => finished.catch(() => undefined));

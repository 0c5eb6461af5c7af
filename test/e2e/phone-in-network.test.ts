import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { payButton, receipt, useStage } from './stage.js';

const inNetwork = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.')),
);

describe.skipIf(!inNetwork)('a phone on the same network, over plain http (needs a network)', () => {
  const stage = useStage({ args: ['--host'] });

  test.each([
    ['payment window', '/products/coffee'],
    ['widget', '/souvenirs/products/magnet'],
  ])('pays with the %s, though the browser calls the page insecure', async (_name, path) => {
    const page = await stage.open('phone', path);
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
    // The widget's methods come at the first touch: what is chosen there has to be seen.
    await payButton(page).dispatchEvent('pointerdown');
    if (path.startsWith('/souvenirs')) await page.getByTestId('widget-agreement').waitFor();
    await payButton(page).tap();
    await page.getByTestId('pay').tap();
    expect(await receipt(page)).toMatch(/^pay_/);
  });
});

import { expect, it } from 'vitest';
import type { Launch } from '../../contract/index.js';
import { ProviderSide } from '../../widget/checkout/provider-side.js';
import type { Launcher, MountPlaces, Unavailable } from '../../widget/providers/launcher.js';

const payPal = (provider: Launch['provider']) => ({ provider, kind: 'ui', script: '' }) as Launch;

it('a button that one provider drew is taken away before another one draws its own', async () => {
  const done: string[] = [];
  const blocked: Unavailable = { outcome: 'unavailable', why: 'script_blocked', code: 'not_loaded' };
  let failure: Unavailable | undefined;
  const launcherOf = (provider: string): Launcher => ({
    preload: async () => failure,
    isReady: () => true,
    open: async () => ({ outcome: 'redirecting' }),
    async mount() {
      done.push(`${provider} drawn`);
      return {
        update: async ({ provider: next }) => void done.push(`${provider} updated for ${next}`),
        unmount: () => done.push(`${provider} gone`),
      };
    },
  });
  const launchers = new Map(['portone-v1', 'portone-v2'].map((provider) => [provider, launcherOf(provider)]));
  const side = new ProviderSide({
    loadLauncher: async (provider) => launchers.get(provider) as Launcher,
    places: () => ({}) as MountPlaces,
    handlers: { onReady: () => {}, onOpening: () => {}, onResult: () => {} },
  });
  for (const provider of ['portone-v2', 'portone-v2'] as const) {
    expect(await side.bring(payPal(provider), undefined)).toBeUndefined();
  }
  failure = blocked;
  expect(await side.bring(payPal('portone-v1'), undefined)).toBe(blocked);
  failure = undefined;
  expect(await side.bring(payPal('portone-v1'), undefined)).toBeUndefined();
  expect(done).toEqual([
    'portone-v2 drawn',
    'portone-v2 updated for portone-v2',
    'portone-v2 gone',
    'portone-v1 drawn',
  ]);
});

it('a launch is not ready before its own provider can open it, whatever scripts are there', async () => {
  let come = Promise.resolve();
  let goOn = () => {};
  const launcher: Launcher = {
    preload: async () => undefined,
    isReady: () => true,
    open: async () => ({ outcome: 'redirecting' }),
  };
  const side = new ProviderSide({
    loadLauncher: () => come.then(() => ({ ...launcher })),
    handlers: { onReady: () => {}, onOpening: () => {}, onResult: () => {} },
  });
  const windowOf = (provider: Launch['provider']) => ({ provider, kind: 'window', script: '' }) as Launch;
  await side.bring(windowOf('toss'), undefined);
  come = new Promise((resolve) => {
    goOn = resolve;
  });
  const bringing = side.bring(windowOf('portone-v1'), undefined);
  expect(side.isReady(windowOf('toss'))).toBe(true);
  expect(side.isReady(windowOf('portone-v1'))).toBe(false);
  goOn();
  await bringing;
  expect(side.isReady(windowOf('portone-v1'))).toBe(true);
});

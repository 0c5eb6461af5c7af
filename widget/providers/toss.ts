import type { Launcher } from './launcher.js';
import { loadedScript, loadScript } from './load-script.js';
import { isToss, type Opener, request, sdkOf, wrongLaunch } from './toss-request.js';

/** Toss Payments, SDK v2: the payment window and the payment widget. */
export const toss: Launcher = {
  preload: ({ script }, options) => loadScript(script, 'TossPayments', options),
  isReady: ({ script }) => loadedScript(script) !== undefined,

  async open(launch, context) {
    if (!isToss(launch)) return wrongLaunch;
    return request(launch, context, () => {
      const { customerKey } = launch;
      return sdkOf(launch)?.payment({ customerKey }) as Opener | undefined;
    });
  },

  async mount(launch, places, handlers) {
    if (!isToss(launch)) return wrongLaunch;
    const widget = await import('./toss-widget.js').catch(() => undefined);
    if (!widget) return { outcome: 'unavailable', why: 'script_blocked', code: 'chunk_not_loaded' };
    return widget.draw(launch, places, handlers);
  },
};

import type { Launch } from '../../contract/index.js';
import type { Launcher, LauncherOf } from './launcher.js';

const launchers: Readonly<Record<Launch['provider'], () => Promise<Launcher>>> = {
  toss: async () => (await import('./toss.js')).toss,
  'portone-v2': async () => (await import('./portone-v2.js')).portOneV2,
  'portone-v1': async () => (await import('./portone-v1.js')).portOneV1,
};

/** The launcher of a provider, each a chunk of its own. Rejects where the chunk can't be had. */
export const launcherOf: LauncherOf = (provider) => launchers[provider]();

import type { LauncherOf } from './launcher.js';

/** The launcher of a provider, each a chunk of its own. Rejects where the chunk can't be had; asking again tries again. */
export const launcherOf: LauncherOf = async (provider) =>
  provider === 'toss' ? (await import('./toss.js')).toss : (await import('./portone-v2.js')).portOneV2;

import type { LauncherOf } from './launcher.js';

/** The launcher of a provider, each a chunk of its own. Rejects where the chunk can't be had; asking again tries again. */
export const launcherOf: LauncherOf = async (provider) => {
  switch (provider) {
    case 'toss':
      return (await import('./toss.js')).toss;
    case 'portone-v2':
      return (await import('./portone-v2.js')).portOneV2;
    case 'portone-v1':
      return (await import('./portone-v1.js')).portOneV1;
  }
};

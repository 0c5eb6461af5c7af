import type { ProviderName } from '../../contract/index.js';
import { createPortOneV1, type PortOneV1Options } from './portone-v1/portone-v1.js';
import { createPortOneV2 } from './portone-v2/portone-v2.js';
import type { Provider } from './provider.js';
import { createToss } from './toss/toss.js';

/** The providers that this server knows: one line each. */
export function createProviders(options: PortOneV1Options = {}): ReadonlyMap<ProviderName, Provider> {
  const all: readonly Provider[] = [createPortOneV2(options), createPortOneV1(options), createToss(options)];
  return new Map(all.map((provider) => [provider.name, provider]));
}

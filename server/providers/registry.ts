import type { ProviderName } from '../../contract/index.js';
import type { HttpOptions } from './http.js';
import { createPortOneV2 } from './portone-v2/portone-v2.js';
import type { Provider } from './provider.js';
import { createToss } from './toss/toss.js';

/** The providers that this server knows: one line each. */
export function createProviders(options: HttpOptions = {}): ReadonlyMap<ProviderName, Provider> {
  const all: readonly Provider[] = [createPortOneV2(options), createToss(options)];
  return new Map(all.map((provider) => [provider.name, provider]));
}

import type { Currency, Method, ProviderName } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import type { Merchant } from '../merchants/merchant.js';
import type { Channel, Provider } from '../providers/provider.js';

export interface Offer {
  readonly channel: Channel;
  readonly provider: Provider;
  /** Fixed by us; absent where the provider's own widget lets the shopper choose. */
  readonly method?: Method;
}

type Providers = ReadonlyMap<ProviderName, Provider>;

/** What this merchant's channels can take in a currency, in the order of channels. */
export function methodsOf(providers: Providers, merchant: Merchant, currency: Currency): readonly Method[] {
  const all = merchant.channels.flatMap((channel) => offered(providers, channel, currency));
  return [...new Set(all)];
}

function offered(providers: Providers, channel: Channel, currency: Currency): readonly Method[] {
  return providers.get(channel.provider)?.methods(channel, currency) ?? [];
}

/** The first channel that has the method. Without a method: the first whose own widget lets the shopper choose. */
export function chooseOffer(
  providers: Providers,
  merchant: Merchant,
  currency: Currency,
  method: Method | undefined,
): Offer {
  for (const channel of merchant.channels) {
    const provider = providers.get(channel.provider);
    const can = offered(providers, channel, currency);
    if (!provider || can.length === 0) continue;
    const choosesInside = provider.choosesInside(channel);
    if (method === undefined ? choosesInside : can.includes(method)) {
      return { channel, provider, ...(method !== undefined && !choosesInside && { method }) };
    }
  }
  const list = methodsOf(providers, merchant, currency).join(', ') || 'none';
  const asked = method === undefined ? 'Name a payment method.' : `"${method}" is not offered in ${currency}.`;
  throw new ApiError('method_not_available', `${asked} Offered: ${list}.`);
}

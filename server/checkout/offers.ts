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

/** Does the channel that wins where the page says nothing let the shopper choose the method in the provider's own widget? */
export function choosesInside(providers: Providers, merchant: Merchant, currency: Currency): boolean {
  const [first] = methodsOf(providers, merchant, currency);
  const offer = first && offersOf(providers, merchant, currency, first)[0];
  return offer?.provider.choosesInside(offer.channel) ?? false;
}

/**
 * Every channel that has the method, in the merchant's order: the first wins, unless it is passed over (`passing-over.ts`). Without a
 * method: those whose own widget lets the shopper choose. Throws `method_not_available` where there is none.
 */
export function offersOf(
  providers: Providers,
  merchant: Merchant,
  currency: Currency,
  method: Method | undefined,
): readonly [Offer, ...Offer[]] {
  const [first, ...others] = merchant.channels.flatMap((channel): Offer[] => {
    const provider = providers.get(channel.provider);
    const can = offered(providers, channel, currency);
    if (!provider || can.length === 0) return [];
    const isInside = provider.choosesInside(channel);
    if (method === undefined ? !isInside : !can.includes(method)) return [];
    return [{ channel, provider, ...(method !== undefined && !isInside && { method }) }];
  });
  if (first) return [first, ...others];
  const list = methodsOf(providers, merchant, currency).join(', ') || 'none';
  const asked = method === undefined ? 'Name a payment method.' : `"${method}" is not offered in ${currency}.`;
  throw new ApiError('method_not_available', `${asked} Offered: ${list}.`);
}

import type { Merchant } from '../merchants/merchant.js';
import { type PaymentDeps, placeOf } from '../payments/deps.js';
import { attemptOf, type Payment } from '../payments/payment.js';
import type { Channel, Provider } from '../providers/provider.js';

/** What is compared as one: the channels of a merchant that the provider lists together. */
export interface Account {
  readonly merchant: Merchant;
  readonly provider: Provider;
  /** As the provider's adapter names it. */
  readonly name: string;
  readonly channels: readonly [Channel, ...Channel[]];
}

type Deps = Pick<PaymentDeps, 'merchants' | 'providers'>;

export function accountsOf({ providers }: Deps, merchant: Merchant): Account[] {
  const accounts = new Map<string, Account>();
  for (const channel of merchant.channels) {
    const provider = providers.get(channel.provider);
    if (!provider) continue;
    const name = provider.account(channel);
    const key = `${channel.provider} ${name}`;
    const [first, ...others] = accounts.get(key)?.channels ?? [];
    accounts.set(key, { merchant, provider, name, channels: first ? [first, ...others, channel] : [channel] });
  }
  return [...accounts.values()];
}

/** The account that a comparison was planned for; undefined when the configuration no longer has it. */
export function accountWith(deps: Deps, merchant: string, provider: string, channels: readonly string[]) {
  const known = deps.merchants.byId(merchant);
  return (
    known &&
    accountsOf(deps, known).find(
      (account) => account.provider.name === provider && account.channels.some(({ id }) => channels.includes(id)),
    )
  );
}

/**
 * Is this payment's money looked for in this account? Another merchant of this server may share it: then that one's comparison sees to it.
 * A payment of the merchant itself always counts, so that money which came by another way than it should is seen.
 */
export function belongs(
  deps: PaymentDeps,
  account: Account,
  payment: Payment,
  no: number,
): 'here' | 'shared' | 'elsewhere' {
  if (payment.merchant === account.merchant.id) return 'here';
  const attempt = attemptOf(payment, no);
  const place = attempt && placeOf(deps, payment, attempt);
  const shared =
    place?.provider.name === account.provider.name && place.provider.account(place.channel) === account.name;
  return shared ? 'shared' : 'elsewhere';
}

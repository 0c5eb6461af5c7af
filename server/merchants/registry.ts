import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../environment/mistakes.js';
import type { Merchant, Merchants } from './merchant.js';

/** SHA-256, hex: the only form in which a secret key is held. It is random and long, so a plain hash is enough. */
export const hashSecretKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** What two merchants may not share, as lines for the person who configures. */
export function sharedBetween(merchants: readonly Merchant[]): string[] {
  const mistakes: string[] = [];
  const once = (what: string, value: (merchant: Merchant) => string, shown = true) => {
    const owner = new Map<string, string>();
    for (const merchant of merchants) {
      const before = owner.get(value(merchant));
      if (before !== undefined) {
        const which = shown ? ` ${value(merchant)}` : '';
        mistakes.push(`merchants: "${before}" and "${merchant.id}" have the same ${what}${which}; each needs its own`);
      }
      owner.set(value(merchant), merchant.id);
    }
  };
  once('id', (merchant) => merchant.id);
  once('publishable key', (merchant) => merchant.publishableKey);
  once('secret key', (merchant) => merchant.secretKeyHash, false);
  return mistakes;
}

/** The merchants of this server. Throws `ConfigError` where two share an id or a key. */
export function createMerchants(list: readonly Merchant[]): Merchants {
  const mistakes = sharedBetween(list);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const all = [...list];
  const byId = new Map(all.map((merchant) => [merchant.id, merchant]));
  const byPublishableKey = new Map(all.map((merchant) => [merchant.publishableKey, merchant]));
  const hashes = all.map((merchant) => ({ merchant, hash: Buffer.from(merchant.secretKeyHash, 'hex') }));
  return {
    all: () => all,
    byId: (id) => byId.get(id),
    byPublishableKey: (key) => byPublishableKey.get(key),
    bySecretKey(key) {
      const given = Buffer.from(hashSecretKey(key), 'hex');
      return hashes.find(({ hash }) => hash.length === given.length && timingSafeEqual(hash, given))?.merchant;
    },
  };
}

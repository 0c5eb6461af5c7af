import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a name. Injected, so that a test can answer for the DNS. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export const systemResolve: Resolve = async (host) => {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/** IPv4 that is not the public Internet (IANA's special-purpose registry), and a metadata service that is. */
const notPublic4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's platform services answer here.
  '168.63.129.16/32',
];

/** Of IPv6, `2000::/3` is the public Internet, without these: Teredo and other protocols, examples, 6to4. */
const public6 = ['2000::/3'];
const notPublic6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** `10.0.0.0/8` or a single address. */
function rangesOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits] = text.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const closed4 = rangesOf(notPublic4);
const open6 = rangesOf(public6);
const closed6 = rangesOf(notPublic6);

/** IPv4 written as IPv6, and whatever else is not global unicast, is not public. */
const isPublic = ({ address, family }: Address): boolean =>
  family === 4 ? !closed4.check(address, 'ipv4') : open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');

/** An endpoint's list is the same for each delivery. */
const listed = new WeakMap<readonly string[], BlockList>();

function allowedRanges(allowPrivate: readonly string[]): BlockList {
  const ranges = listed.get(allowPrivate) ?? rangesOf(allowPrivate);
  listed.set(allowPrivate, ranges);
  return ranges;
}

export type Target =
  | { readonly ok: true; readonly addresses: readonly Address[] }
  | { readonly ok: false; readonly why: 'dns_failed' | 'target_refused' };

/**
 * The addresses of `url`'s host that may be called. The connection must be made to these and not look the name up again: a second answer
 * could be another one. Plain http only to addresses that `allowPrivate` names.
 */
export async function resolveTarget(url: URL, allowPrivate: readonly string[], resolve: Resolve): Promise<Target> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  let found: readonly Address[];
  try {
    found = family === 0 ? await resolve(host) : [{ address: host, family: family === 6 ? 6 : 4 }];
  } catch {
    return { ok: false, why: 'dns_failed' };
  }
  const allowed = allowedRanges(allowPrivate);
  const named = ({ address, family }: Address) => allowed.check(address, family === 6 ? 'ipv6' : 'ipv4');
  const secure = url.protocol === 'https:';
  const addresses = found.filter((each) => named(each) || (secure && isPublic(each)));
  if (found.length === 0) return { ok: false, why: 'dns_failed' };
  return addresses.length > 0 ? { ok: true, addresses } : { ok: false, why: 'target_refused' };
}

import type { Buyer, PortOneV1Request } from '../../contract/index.js';
import { onPhone } from './browser.js';
import type { Launcher, LaunchResult } from './launcher.js';
import { loadedScript, loadScript } from './load-script.js';
import { readResponse, readThrown } from './portone-v1-results.js';
import { enter, isUI, isV1, misconfigured, wrongLaunch } from './portone-v1-sdk.js';

/** PortOne V1 (iamport): its windows, and PayPal's own button. */
export const portOneV1: Launcher = {
  async preload(launch, options) {
    if (!isV1(launch)) return wrongLaunch;
    const failure = await loadScript(launch.script, 'IMP', options);
    if (failure) return failure;
    const entered = enter(launch);
    return 'outcome' in entered ? entered : undefined;
  },

  isReady: ({ script }) => loadedScript(script) !== undefined,

  // `redirect` is not asked for: V1 has no way to say it. Phones leave the page by themselves.
  async open(launch, { buyer }) {
    if (!isV1(launch) || launch.kind !== 'window') return wrongLaunch;
    const { request } = launch;
    const orderId = request.merchant_uid;
    // The page would leave, and never hear how it went.
    if (!request.m_redirect_url && onPhone(navigator.userAgent)) return misconfigured('no_return_url');
    const sdk = enter(launch);
    if ('outcome' in sdk) return sdk;
    const clicked = navigator.userActivation?.isActive ?? true;
    try {
      return await new Promise<LaunchResult>((resolve) => {
        sdk.request_pay(withBuyer(request, buyer), (said) => resolve(readResponse(said, orderId, clicked)));
      });
    } catch {
      return readThrown(orderId, clicked);
    }
  },

  async mount(launch, { methods }, handlers) {
    if (!isUI(launch)) return wrongLaunch;
    const ui = await import('./portone-v1-ui.js').catch(() => undefined);
    if (!ui) return { outcome: 'unavailable', why: 'script_blocked', code: 'chunk_not_loaded' };
    const sdk = enter(launch);
    return 'outcome' in sdk ? sdk : ui.draw(sdk, methods, handlers, launch);
  },
};

const names = {
  name: 'buyer_name',
  email: 'buyer_email',
  phone: 'buyer_tel',
  address: 'buyer_addr',
  postcode: 'buyer_postcode',
} as const satisfies Record<Exclude<keyof Buyer, 'addressDetail'>, keyof PortOneV1Request>;
type Named = keyof typeof names;

/** What the shopper typed last goes over what the launch has; what would be refused is left out, as the server does. */
function withBuyer(request: PortOneV1Request, buyer: Buyer = {}): PortOneV1Request {
  const merged = { ...request };
  for (const field of Object.keys(names) as Named[]) {
    // V1 has one line for both.
    const typed =
      field === 'address' ? buyer.address && `${buyer.address} ${buyer.addressDetail ?? ''}`.trim() : buyer[field];
    if (typed === undefined) continue;
    const sound = soundly(field, typed);
    if (sound) merged[names[field]] = sound;
    else delete merged[names[field]];
  }
  return merged;
}

function soundly(field: Named, typed: string): string | undefined {
  if (field === 'email') return typed.length <= 100 ? typed : undefined;
  if (field !== 'phone') return [...typed].slice(0, field === 'address' ? 200 : 100).join('');
  const digits = typed.replace(/^\+820?/, '0').replace(/\D/g, '');
  return /^\d{8,15}$/.test(digits) ? digits : undefined;
}

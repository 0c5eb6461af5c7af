import type { Launch, PortOneV1Launch, PortOneV1Request } from '../../contract/index.js';
import type { Unavailable } from './launcher.js';
import { loadedScript } from './load-script.js';

/** What we use of `window.IMP`. */
export interface IMP {
  init(userCode: string): void;
  agency(userCode: string, tierCode: string): void;
  /** The callback is all that answers. */
  request_pay(request: PortOneV1Request, callback: (said: unknown) => void): unknown;
  loadUI(type: 'paypal-spb', request: PortOneV1Request, callback: (said: unknown) => void): unknown;
  updateLoadUIRequest(type: 'paypal-spb', request: PortOneV1Request): unknown;
}

export type UILaunch = Extract<PortOneV1Launch, { kind: 'ui' }>;

export const isV1 = (launch: Launch): launch is PortOneV1Launch => launch.provider === 'portone-v1';
export const isUI = (launch: Launch): launch is UILaunch => isV1(launch) && launch.kind === 'ui';

export const misconfigured = (code: string, message?: string): Unavailable => ({
  outcome: 'unavailable',
  why: 'misconfigured',
  code,
  ...(message && { message }),
});
export const wrongLaunch = misconfigured('wrong_launch');
const scriptMissing: Unavailable = { outcome: 'unavailable', why: 'script_timeout', code: 'not_loaded_yet' };

/** Whose payments a script opens now. */
const accounts = new WeakMap<IMP, string>();

/**
 * The script, which knows whose payments it opens; or what stands in the way. V1 warns against a second `init`: an account is named once
 * for the page, whatever is paid there, and again only after another one.
 */
export function enter({ script, userCode, tierCode }: PortOneV1Launch): IMP | Unavailable {
  const sdk = loadedScript(script) as IMP | undefined;
  if (!sdk) return scriptMissing;
  const account = `${userCode} ${tierCode}`;
  if (accounts.get(sdk) === account) return sdk;
  try {
    if (tierCode) sdk.agency(userCode, tierCode);
    else sdk.init(userCode);
  } catch (error) {
    return misconfigured('init_failed', String(error));
  }
  accounts.set(sdk, account);
  return sdk;
}

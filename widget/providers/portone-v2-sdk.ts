import type { LoadPaymentUIRequest, PaymentError, PaymentRequest, PaymentResponse } from '@portone/browser-sdk/v2';
import type { Launch, PortOneV2Launch } from '../../contract/index.js';
import type { Unavailable } from './launcher.js';
import { loadedScript } from './load-script.js';

/** What we use of `window.PortOne`. */
export interface PortOne {
  requestPayment(request: PaymentRequest): Promise<PaymentResponse | undefined>;
  loadPaymentUI(
    request: LoadPaymentUIRequest,
    callbacks: { onPaymentSuccess(response: PaymentResponse): void; onPaymentFail(error: PaymentError): void },
  ): Promise<void>;
  updateLoadPaymentUIRequest(request: LoadPaymentUIRequest): Promise<void>;
}

type WindowLaunch = Extract<PortOneV2Launch, { kind: 'window' }>;
export type UILaunch = Extract<PortOneV2Launch, { kind: 'ui' }>;

export const sdkOf = ({ script }: Launch) => loadedScript(script) as PortOne | undefined;
export const isWindow = (launch: Launch): launch is WindowLaunch =>
  launch.provider === 'portone-v2' && launch.kind === 'window';
export const isUI = (launch: Launch): launch is UILaunch => launch.provider === 'portone-v2' && launch.kind === 'ui';

export const wrongLaunch: Unavailable = { outcome: 'unavailable', why: 'misconfigured', code: 'wrong_launch' };
export const scriptMissing: Unavailable = { outcome: 'unavailable', why: 'script_timeout', code: 'not_loaded_yet' };

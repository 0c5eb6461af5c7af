/**
 * What can be made to misbehave. `approve`: a charge without a call of the merchant's, as PortOne's automatic approval is. `token`: V1's
 * access token.
 */
export const faultPoints = [
  'confirm',
  'lookup',
  'list',
  'cancel',
  'pre_register',
  'token',
  'approve',
  'webhook',
] as const;
export type FaultPoint = (typeof faultPoints)[number];

/**
 * `network`: between caller and provider, which knows nothing of it, so repeats suffer too. `provider`: its own answer, which it also
 * remembers under an idempotency key. `webhook`: how the provider's own call goes wrong.
 */
export type Behaviour =
  | { readonly layer: 'network'; readonly when: 'arrival' | 'reply'; readonly how: 'hang' | 'drop' | 'html' }
  | {
      readonly layer: 'provider';
      readonly how:
        | 'slow'
        | 'refuse'
        | 'fail_after'
        | 'in_progress'
        | 'not_found'
        | 'wrong_amount'
        | 'wrong_currency'
        | 'duplicate_order'
        | 'pending';
    }
  | { readonly layer: 'webhook'; readonly how: WebhookFault };

/**
 * When and how often: `before_reply` (it arrives before the answer to the call that caused it), `twice` (with one id), `reversed`
 * (after the next one of the same record), `late` (by `ms` of the sandbox's clock, default ten minutes), `never`. The others spoil the
 * first attempt: refused, it is repeated whole, on schedule.
 */
const webhookFaults = [
  'before_reply',
  'twice',
  'reversed',
  'late',
  'never',
  'forged',
  'unsigned',
  'old',
  'giant',
  'not_json',
  'other_version',
  'unknown_type',
] as const;
export type WebhookFault = (typeof webhookFaults)[number];

const network = (when: 'arrival' | 'reply', how: 'hang' | 'drop' | 'html'): Behaviour => ({
  layer: 'network',
  when,
  how,
});
const provider = (how: Extract<Behaviour, { layer: 'provider' }>['how']): Behaviour => ({ layer: 'provider', how });
const otherMoney = {
  wrong_amount: provider('wrong_amount'),
  wrong_currency: provider('wrong_currency'),
  duplicate_order: provider('duplicate_order'),
} as const;

const everywhere: Readonly<Record<string, Behaviour>> = {
  drop: network('arrival', 'drop'),
  timeout: network('arrival', 'hang'),
  html: network('arrival', 'html'),
  slow: provider('slow'),
  error: provider('refuse'),
};

/** Every kind that can be armed, per call. The names say what the caller sees; `charge_then_` and `cancel_then_`: money moved first. */
export const faultKinds: Readonly<Record<FaultPoint, Readonly<Record<string, Behaviour>>>> = {
  confirm: {
    charge_then_timeout: network('reply', 'hang'),
    charge_then_drop: network('reply', 'drop'),
    charge_then_html: network('reply', 'html'),
    charge_then_500: provider('fail_after'),
    error_500_without_charge: provider('refuse'),
    in_progress: provider('in_progress'),
    ...otherMoney,
    ...everywhere,
  },
  lookup: {
    500: provider('refuse'),
    not_found_once: provider('not_found'),
    ...everywhere,
  },
  list: {
    500: provider('refuse'),
    ...everywhere,
  },
  cancel: {
    cancel_then_timeout: network('reply', 'hang'),
    cancel_then_drop: network('reply', 'drop'),
    cancel_then_html: network('reply', 'html'),
    cancel_then_500: provider('fail_after'),
    cancel_500: provider('refuse'),
    in_progress: provider('in_progress'),
    pending: provider('pending'),
    ...everywhere,
  },
  pre_register: {
    500: provider('refuse'),
    in_progress: provider('in_progress'),
    ...everywhere,
  },
  token: {
    500: provider('refuse'),
    ...everywhere,
  },
  approve: {
    charge_then_drop: network('reply', 'drop'),
    pending: provider('pending'),
    ...otherMoney,
    error: provider('refuse'),
  },
  webhook: Object.fromEntries(webhookFaults.map((how) => [how, { layer: 'webhook', how }])),
};

export interface FaultOrder {
  readonly on: FaultPoint;
  readonly kind: string;
  /** How many matching calls; default 1. */
  readonly times?: number;
  /** `slow`: how long, before anything is done. */
  readonly ms?: number;
  /** `error`: the provider's code (of V1: a number, in HTTP 200), and its HTTP status where it is not the usual one. */
  readonly code?: string;
  readonly status?: number;
  /** `wrong_amount`: what is charged instead, in minor units; default 1000 more. */
  readonly amount?: number;
  /** Only calls about this order. */
  readonly orderId?: string;
  /** Only this provider's: `toss`, `portone-v2`, `portone-v1`. */
  readonly provider?: string;
  /** `webhook`: only those of this type. */
  readonly event?: string;
}

/** What a fault can be aimed at. */
export interface FaultTarget {
  readonly provider: string;
  readonly orderId?: string | undefined;
  readonly event?: string;
  /** The provider has answered this before and only repeats itself. */
  readonly replay?: boolean;
}

export interface Fault extends FaultOrder {
  readonly id: number;
  readonly left: number;
  readonly behaviour: Behaviour;
}

export interface Faults {
  /** Throws a `RangeError` that names what is known, for an unknown point or kind. */
  arm(order: FaultOrder): Fault;
  armed(): readonly Fault[];
  /** The oldest armed fault for this call, used up by one. A provider fault waits while the call is only a replay. */
  take(on: FaultPoint, target: FaultTarget): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let list: (Fault & { left: number })[] = [];
  let made = 0;
  return {
    arm(order) {
      const kinds = faultKinds[order.on];
      if (!kinds) throw new RangeError(`on: one of ${faultPoints.join(', ')}`);
      const behaviour = Object.hasOwn(kinds, order.kind) ? kinds[order.kind] : undefined;
      if (!behaviour) throw new RangeError(`kind: one of ${Object.keys(kinds).join(', ')}`);
      if (order.kind === 'error' && !order.code) throw new RangeError('code: the error code to answer with');
      const fault = { ...order, id: ++made, left: order.times ?? 1, behaviour };
      list.push(fault);
      return fault;
    },
    armed: () => list,
    take(on, { replay = false, ...target }) {
      const aimed = (each: Fault) =>
        (['provider', 'orderId', 'event'] as const).every(
          (name) => each[name] === undefined || each[name] === target[name],
        );
      const fault = list.find((each) => each.on === on && aimed(each));
      if (!fault || (replay && fault.behaviour.layer === 'provider')) return undefined;
      fault.left -= 1;
      list = list.filter((each) => each.left > 0);
      return fault;
    },
    clear() {
      list = [];
    },
  };
}

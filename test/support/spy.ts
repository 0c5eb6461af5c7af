import type { ProviderName } from '../../contract/index.js';
import type {
  CancelIntent,
  CancelOutcome,
  CloseIntent,
  CloseOutcome,
  ConfirmIntent,
  ConfirmOutcome,
  LookupOutcome,
  LookupQuery,
  Provider,
} from '../../server/providers/provider.js';

export type Called =
  | { readonly call: 'lookup'; readonly with: LookupQuery; outcome?: LookupOutcome }
  | { readonly call: 'confirm'; readonly with: ConfirmIntent; outcome?: ConfirmOutcome }
  | { readonly call: 'cancel'; readonly with: CancelIntent; outcome?: CancelOutcome }
  | { readonly call: 'close'; readonly with: CloseIntent; outcome?: CloseOutcome };

/** Listens in on the calls to a real adapter; `change` may do something in the middle of one, or answer differently. */
export interface Spy {
  readonly calls: Called[];
  readonly of: <K extends Called['call']>(call: K) => Extract<Called, { call: K }>[];
  change: {
    lookup?: (query: LookupQuery, real: () => Promise<LookupOutcome>) => Promise<LookupOutcome>;
    confirm?: (intent: ConfirmIntent, real: () => Promise<ConfirmOutcome>) => Promise<ConfirmOutcome>;
    cancel?: (intent: CancelIntent, real: () => Promise<CancelOutcome>) => Promise<CancelOutcome>;
    close?: (intent: CloseIntent, real: () => Promise<CloseOutcome>) => Promise<CloseOutcome>;
  };
  wrapProviders(providers: ReadonlyMap<ProviderName, Provider>): ReadonlyMap<ProviderName, Provider>;
}

export function createSpy(): Spy {
  const calls: Called[] = [];
  const spy: Spy = {
    calls,
    of: (call) => calls.filter((one) => one.call === call) as never,
    change: {},
    wrapProviders: (providers) =>
      new Map(
        [...providers].map(([name, real]): [ProviderName, Provider] => [
          name,
          {
            ...real,
            async lookup(channel, query) {
              const called: Called = { call: 'lookup', with: query };
              calls.push(called);
              const ask = () => real.lookup(channel, query);
              called.outcome = await (spy.change.lookup?.(query, ask) ?? ask());
              return called.outcome;
            },
            async confirm(channel, intent) {
              const called: Called = { call: 'confirm', with: intent };
              calls.push(called);
              const ask = () => real.confirm(channel, intent);
              called.outcome = await (spy.change.confirm?.(intent, ask) ?? ask());
              return called.outcome;
            },
            async cancel(channel, intent) {
              const called: Called = { call: 'cancel', with: intent };
              calls.push(called);
              const ask = () => real.cancel(channel, intent);
              called.outcome = await (spy.change.cancel?.(intent, ask) ?? ask());
              return called.outcome;
            },
            async close(channel, intent) {
              const called: Called = { call: 'close', with: intent };
              calls.push(called);
              const ask = () => real.close(channel, intent);
              called.outcome = await (spy.change.close?.(intent, ask) ?? ask());
              return called.outcome;
            },
          },
        ]),
      ),
  };
  return spy;
}

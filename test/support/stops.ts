import type { ProviderName } from '../../contract/index.js';
import type { Provider } from '../../server/providers/provider.js';
import { type Collection, type Store, StoreUnavailable } from '../../server/store/store.js';

/**
 * Kills a server at its n-th step, in this process: every write and every call to a provider is a step, and from the stop on nothing of
 * that server gets through any more. `before`: the step does not happen. `after`: it happens, and nobody hears its answer.
 */
export interface Stop {
  readonly at: number;
  readonly side: 'before' | 'after';
}

export interface Counter {
  /** Steps taken so far. */
  readonly steps: readonly string[];
  readonly stopped: boolean;
  wrapStore(store: Store): Store;
  wrapProviders(providers: ReadonlyMap<ProviderName, Provider>): ReadonlyMap<ProviderName, Provider>;
}

class Stopped extends StoreUnavailable {}

export function stopAt(stop?: Stop): Counter {
  const steps: string[] = [];
  let stopped = false;

  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (stopped) throw new Stopped('stopped');
    steps.push(name);
    const here = steps.length === stop?.at;
    if (here && stop?.side === 'before') {
      stopped = true;
      throw new Stopped(`stopped before ${name}`);
    }
    const result = await work();
    if (here || stopped) {
      stopped = true;
      throw new Stopped(`stopped after ${name}`);
    }
    return result;
  };
  const reading = async <T>(work: () => Promise<T>): Promise<T> => {
    if (stopped) throw new Stopped('stopped');
    return work();
  };

  const wrapCollection = (name: string, real: Collection<any, any>): Collection<any, any> => ({
    insert: (doc) => step(`insert ${name}`, () => real.insert(doc)),
    replace: (doc) => step(`replace ${name}`, () => real.replace(doc)),
    remove: (id, rev) => step(`remove ${name}`, () => real.remove(id, rev)),
    get: (id) => reading(() => real.get(id)),
    find: (query) => reading(() => real.find(query)),
  });

  return {
    steps,
    get stopped() {
      return stopped;
    },
    wrapStore: (store) => ({
      ...store,
      engine: store.engine,
      ping: () => store.ping(),
      close: () => store.close(),
      collection: (definition) => wrapCollection(definition.name, store.collection(definition)) as never,
    }),
    wrapProviders: (providers) =>
      new Map(
        [...providers].map(([name, real]): [ProviderName, Provider] => [
          name,
          {
            ...real,
            lookup: (...args) => step('lookup', () => real.lookup(...args)),
            confirm: (...args) => step('confirm', () => real.confirm(...args)),
            cancel: (...args) => step('cancel', () => real.cancel(...args)),
            close: (...args) => step('close', () => real.close(...args)),
          },
        ]),
      ),
  };
}

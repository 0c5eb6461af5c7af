import type { Clock, Instant } from '../../server/ops/clock.js';
import type { Reply } from './network.js';

/** First answers, remembered under their scope (key + API key + URL + method; bodies are not compared) for a time from first use. */
export interface IdempotencyKeys {
  holds(scope: string): boolean;
  /** The first answer, errors too; `busy` while it is being made. Work that throws is forgotten. */
  run(scope: string, work: () => Promise<Reply>): Promise<Reply | 'busy'>;
  reset(): void;
}

export function createIdempotencyKeys(clock: Clock, keptForMs: number): IdempotencyKeys {
  let first = new Map<string, { at: Instant; reply?: Reply }>();
  const held = (scope: string) => {
    const entry = first.get(scope);
    return entry && clock.now() - entry.at <= keptForMs ? entry : undefined;
  };
  return {
    holds: (scope) => held(scope) !== undefined,
    async run(scope, work) {
      const entry = held(scope);
      if (entry) return entry.reply ?? 'busy';
      const fresh: { at: Instant; reply?: Reply } = { at: clock.now() };
      first.set(scope, fresh);
      try {
        fresh.reply = await work();
        return fresh.reply;
      } catch (error) {
        first.delete(scope);
        throw error;
      }
    },
    reset() {
      first = new Map();
    },
  };
}

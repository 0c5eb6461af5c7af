import type { Clock } from '../../server/ops/clock.js';

/** The sandbox's time: the clock it was given, plus what the control API has advanced it by. */
export interface MovingClock extends Clock {
  readonly movedMs: number;
  advance(ms: number): void;
  reset(): void;
}

export function movingClock(base: Clock): MovingClock {
  let moved = 0;
  return {
    now: () => base.now() + moved,
    get movedMs() {
      return moved;
    },
    advance(ms) {
      moved += ms;
    },
    reset() {
      moved = 0;
    },
  };
}

import { type Instant, second } from '../ops/clock.js';

/**
 * How many reactions with one target run at once in this process, so that a slow target takes no more than its own lanes. Whoever finds
 * none free is told when one is likely to be.
 */
export interface Lanes {
  /** True: a lane is taken, until `leave`. */
  enter(target: string): boolean;
  /** `tookMs`: absent if nothing was run after all. */
  leave(target: string, tookMs?: number): void;
  /** A later time for each that asks, so that they don't all come back at once. */
  later(target: string, now: Instant): Instant;
}

interface Lane {
  running: number;
  /** Of the last ones, in milliseconds. */
  average: number;
  /** The last time that was given out. */
  promised: Instant;
}

const lanesEach = 32;
const lanesOfSlow = 4;
const slowMs = 1 * second;
const maxTargets = 10_000;

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();
  const laneOf = (target: string): Lane => {
    let lane = lanes.get(target);
    if (!lane) {
      if (lanes.size >= maxTargets) for (const [name, { running }] of lanes) if (running === 0) lanes.delete(name);
      lane = { running: 0, average: 0, promised: 0 };
      lanes.set(target, lane);
    }
    return lane;
  };
  const widthOf = ({ average }: Lane) => (average > slowMs ? lanesOfSlow : lanesEach);
  return {
    enter(target) {
      const lane = laneOf(target);
      if (lane.running >= widthOf(lane)) return false;
      lane.running++;
      return true;
    },
    leave(target, tookMs) {
      const lane = laneOf(target);
      lane.running--;
      if (tookMs !== undefined) lane.average = lane.average * 0.7 + tookMs * 0.3;
    },
    later(target, now) {
      const lane = laneOf(target);
      const each = Math.ceil(Math.max(lane.average, 20) / widthOf(lane));
      lane.promised = Math.max(lane.promised, now + second) + each;
      return lane.promised;
    },
  };
}

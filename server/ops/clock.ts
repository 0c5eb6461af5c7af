/** An instant: whole milliseconds since the epoch, UTC. The API shows it as RFC 3339. */
export type Instant = number;

/** Where time comes from. Injected, so that tests and the sandbox can move it. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

/** The system's time, moved by a fixed offset. The demo gives its server and its sandbox the same one. */
export const offsetClock = (offset: number): Clock => ({ now: () => Date.now() + offset });

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

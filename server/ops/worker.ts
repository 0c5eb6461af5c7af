import type { Logger } from './logging.js';

/** A kind of due work: finds ids by its own index, works on one at a time under its own lease. */
export interface DueSource {
  readonly name: string;
  find(limit: number): Promise<readonly string[]>;
  work(id: string): Promise<boolean>;
}

export interface Worker {
  start(): void;
  /** One pass over everything due now. Returns how many items were worked on; a failing one is logged and does not stop the others. */
  runOnce(): Promise<number>;
  /** Something became due in this process: look now instead of at the next interval. */
  nudge(): void;
  /** No new items; resolves when the ones under way are done. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly sources: readonly DueSource[];
  readonly log: Logger;
  readonly everyMs: number;
  /** Items worked on at once. */
  readonly lanes: number;
}

const batch = 100;

/**
 * The one worker of a server. Any number of servers run one: each item is claimed by its source's own lease. Time is only read by the
 * sources, so that a moved clock moves the work; the interval here is how often they are asked.
 */
export function createWorker({ sources, log, everyMs, lanes }: WorkerOptions): Worker {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> | undefined;
  let again = false;
  let stopped = false;

  const runSource = async (source: DueSource): Promise<number> => {
    const ids = [...(await source.find(batch))];
    let worked = 0;
    const lane = async () => {
      for (let id = ids.shift(); id !== undefined && !stopped; id = ids.shift()) {
        try {
          if (await source.work(id)) worked++;
        } catch (error) {
          log.error('due_work_failed', { job: source.name, payment: id, error });
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return worked;
  };

  const pass = async (): Promise<number> => {
    let worked = 0;
    for (const source of sources) {
      try {
        worked += await runSource(source);
      } catch (error) {
        log.error('due_work_failed', { job: source.name, error });
      }
    }
    return worked;
  };

  /** Passes never overlap on one server; whoever asks while one runs gets the next. */
  const runOnce = async (): Promise<number> => {
    while (running) await running;
    running = pass().finally(() => {
      running = undefined;
    });
    return running;
  };

  const loop = async () => {
    again = false;
    const worked = await runOnce();
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(loop, again || worked >= batch ? 0 : everyMs);
  };

  return {
    start() {
      stopped = false;
      timer = setTimeout(loop, 0);
    },
    runOnce,
    nudge() {
      if (stopped || !timer) return;
      again = true;
      if (!running) {
        clearTimeout(timer);
        timer = setTimeout(loop, 0);
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

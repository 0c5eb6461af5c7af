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
  /** Something became due in this process: that source looks now instead of at the next interval. Throws on a name that no source has. */
  nudge(source: string): void;
  /** No new items; resolves when the ones under way are done. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly sources: readonly DueSource[];
  readonly log: Logger;
  readonly everyMs: number;
  /** Items of one source worked on at once. */
  readonly lanes: number;
}

const batch = 100;

/**
 * The one worker of a server. Any number of servers run one: each item is claimed by its source's own lease. Time is only read by the
 * sources, so that a moved clock moves the work; the interval here is how often they are asked. Each source goes its own pace: a provider
 * that takes long to answer holds up no telling.
 */
export function createWorker(options: WorkerOptions): Worker {
  const loops = new Map(options.sources.map((source) => [source.name, createLoop(source, options)]));
  const all = [...loops.values()];
  return {
    start() {
      for (const loop of all) loop.start();
    },
    async runOnce() {
      let worked = 0;
      for (const loop of all) worked += await loop.pass();
      return worked;
    },
    nudge(source) {
      const loop = loops.get(source);
      if (!loop) throw new Error(`worker: there is no source ${source}`);
      loop.nudge();
    },
    async stop() {
      await Promise.all(all.map((loop) => loop.stop()));
    },
  };
}

interface Loop {
  start(): void;
  /** Once over what is due now. Passes never overlap; whoever asks while one runs gets the next. */
  pass(): Promise<number>;
  nudge(): void;
  stop(): Promise<void>;
}

function createLoop(source: DueSource, { log, everyMs, lanes }: WorkerOptions): Loop {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> | undefined;
  let again = false;
  let stopped = false;

  const workOff = async (): Promise<number> => {
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
    while (running) await running;
    running = workOff()
      .catch((error: unknown) => {
        log.error('due_work_failed', { job: source.name, error });
        return 0;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  const loop = async () => {
    again = false;
    const worked = await pass();
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(loop, again || worked >= batch ? 0 : everyMs);
  };

  return {
    start() {
      stopped = false;
      timer = setTimeout(loop, 0);
    },
    pass,
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

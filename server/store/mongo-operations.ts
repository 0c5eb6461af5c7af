import { mongoProblem } from './mongo-errors.js';
import { StoreUnavailable } from './store.js';

/** What is under way, so that a close waits for it: the driver itself would cut it off. */
export class Operations {
  private readonly running = new Set<Promise<unknown>>();
  private ended = false;

  /** Runs `work` with the driver's errors turned into the port's. */
  async run<T>(collection: string, work: () => Promise<T>): Promise<T> {
    if (this.ended) throw new StoreUnavailable('The store is closed');
    const operation = work();
    this.running.add(operation);
    try {
      return await operation;
    } catch (error) {
      throw mongoProblem(error, collection);
    } finally {
      this.running.delete(operation);
    }
  }

  /** Accepts nothing more; resolves when all that was accepted has ended, well or badly. */
  async end(): Promise<void> {
    this.ended = true;
    await Promise.allSettled(this.running);
  }
}

import { StoreUnavailable } from './store.js';

/** The part of a SQLite connection that a group needs. */
export interface Connection {
  exec(sql: string): unknown;
  readonly inTransaction: boolean;
}

interface Job {
  /** Runs inside the transaction; gives what settles the promise. */
  readonly work: () => () => void;
  readonly fail: (error: Error) => void;
}

/** One turn of the event loop is held up by this many writes at most. */
const maxGroup = 512;

/**
 * Commits writes in groups: all that were asked for in one turn of the event loop share a transaction, and so one sync of the disk.
 *
 * A group is one synchronous block, so that nobody reads what is not committed. Promises are settled after the commit. A write that fails
 * on its own (SQLite undoes that statement) fails alone; a failed BEGIN or COMMIT fails the whole group with `StoreUnavailable`.
 */
export class GroupCommit {
  private queue: Job[] = [];
  private scheduled = false;
  private closed = false;
  private readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Runs `work` in the next group, and answers what it returned once that is on the disk. */
  run<T>(work: () => T): Promise<T> {
    if (this.closed) return Promise.reject(new StoreUnavailable('The store is closed'));
    return new Promise<T>((resolve, reject) => {
      this.queue.push({
        work: () => {
          const value = work();
          return () => resolve(value);
        },
        fail: reject,
      });
      this.schedule();
    });
  }

  /** Commits what was accepted, and accepts nothing more. */
  close(): void {
    this.closed = true;
    while (this.queue.length > 0) this.commit();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (this.queue.length > 0) this.commit();
      if (this.queue.length > 0) this.schedule();
    });
  }

  private commit(): void {
    const group = this.queue.splice(0, maxGroup);
    let settle: (() => void)[];
    try {
      this.connection.exec('BEGIN IMMEDIATE');
      settle = group.map((job) => this.attempt(job));
      this.connection.exec('COMMIT');
    } catch (error) {
      this.rollback();
      settle = group.map((job) => () => job.fail(unavailable(error)));
    }
    for (const answer of settle) answer();
  }

  private attempt(job: Job): () => void {
    try {
      return job.work();
    } catch (error) {
      // A full or failing disk makes SQLite end the transaction itself: the earlier writes of the group are gone too.
      if (!this.connection.inTransaction) throw error;
      return () => job.fail(unavailable(error));
    }
  }

  private rollback(): void {
    try {
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK');
    } catch {
      // The next BEGIN fails then, and says so to its own group.
    }
  }
}

/** The embedded engine's error for callers; what SQLite said is its cause. */
export const unavailable = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable(
    `The store's file could not be used: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );

import type { Body } from './checks.js';
import type { Page } from './query.js';

/** A document as an engine keeps it. */
export interface Row {
  readonly id: string;
  readonly rev: number;
  readonly v: number;
  readonly body: Body;
}

/** What an engine does for one collection. It gets checked input only; a lost connection throws `StoreUnavailable`. */
export interface Rows {
  /** False: the id exists. */
  insert(row: Row): Promise<boolean>;
  get(id: string): Promise<Row | undefined>;
  /** Up to `take` rows of the page, in its order. */
  page(page: Page, take: number): Promise<Row[]>;
  /** Writes `row` if the stored revision is `rev`. */
  replace(row: Row, rev: number): Promise<boolean>;
  remove(id: string, rev: number): Promise<boolean>;
}

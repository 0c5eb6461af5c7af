/** What one look at an invariant found. */
export interface Finding {
  readonly name: string;
  readonly description: string;
  readonly violations: number;
  /** Ids of what breaks it, at most ten. */
  readonly samples: readonly string[];
  /** How many documents were looked at. */
  readonly looked: number;
  /** False: there are more than were looked at. */
  readonly complete: boolean;
}

export interface Tally {
  look(): void;
  violated(id: string): void;
  cutShort(): void;
  finding(): Finding;
}

const maxSamples = 10;

export function tallyOf(name: string, description: string): Tally {
  let looked = 0;
  let complete = true;
  const broken = new Set<string>();
  return {
    look() {
      looked++;
    },
    violated: (id) => void broken.add(id),
    cutShort() {
      complete = false;
    },
    finding: () => ({
      ...{ name, description, violations: broken.size, samples: [...broken].slice(0, maxSamples), looked, complete },
    }),
  };
}

/** How much one check may look at. */
export interface Bounds {
  /** Documents of each scan. */
  readonly documents: number;
  /** True when the time is up. */
  readonly isOver: () => boolean;
}

interface Page<D> {
  readonly docs: readonly D[];
  readonly next?: string;
}

/** Goes through pages until they end, or the bounds do. True: to the end. */
export async function scan<D>(
  page: (after: string | undefined, limit: number) => Promise<Page<D>>,
  { documents, isOver }: Bounds,
  each: (doc: D) => void | Promise<void>,
): Promise<boolean> {
  let after: string | undefined;
  for (let left = documents; left > 0; ) {
    if (isOver()) return false;
    const found = await page(after, Math.min(left, 200));
    for (const doc of found.docs) await each(doc);
    left -= found.docs.length;
    after = found.next;
    if (after === undefined) return true;
  }
  return false;
}

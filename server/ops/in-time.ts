import { second } from './clock.js';

/** A money call can take a minute; whoever asked hears something before that. */
export const answerWithinMs = 10 * second;

/** Undefined when it takes longer. What was begun goes on; a failure of it later is in the log, and found again by due work. */
export async function inTime<T>(work: Promise<T>, ms = answerWithinMs): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

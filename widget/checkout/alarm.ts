import type { Environment } from './environment.js';

/** Sleep that ends early when there is a reason to look again: the network is back, the page is looked at. */
export function createAlarm(env: Environment) {
  const sleepers = new Set<() => void>();
  return {
    sleep: (ms: number): Promise<void> =>
      new Promise((done) => {
        const wake = () => {
          cancel();
          sleepers.delete(wake);
          done();
        };
        const cancel = env.after(ms, wake);
        sleepers.add(wake);
      }),
    wake(): void {
      for (const wake of [...sleepers]) wake();
    },
  };
}

export type Alarm = ReturnType<typeof createAlarm>;

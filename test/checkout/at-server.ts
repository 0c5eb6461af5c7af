import { Checkout } from '../../widget/checkout/checkout.js';
import type { State } from '../../widget/checkout/machine.js';
import type { Plan } from '../../widget/checkout/plan.js';
import { blog, type World } from '../support/world.js';
import { createLauncher, createPage, leavePage, plan } from './page.js';

const open: Checkout[] = [];

/** After each test. */
export function leave(): void {
  for (const checkout of open.splice(0)) checkout.stop();
  leavePage();
}

/** A checkout as it runs in a page of the blog, against a whole server. */
export function arriveAt(world: World, address: string = blog.page, more: Partial<Plan> = {}) {
  const page = createPage({ address });
  const provider = createLauncher();
  const env = {
    ...page.env,
    fetch: (url: string, init: RequestInit) =>
      fetch(url, { ...init, headers: { ...init.headers, origin: blog.origin } }),
    now: () => world.clock.now(),
    random: () => crypto.getRandomValues(new Uint8Array(16)),
    after(ms: number, run: () => void) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
  const wanted = { ...plan, server: world.url, merchant: blog.publishableKey, ...more };
  const checkout = new Checkout(wanted, { env, loadLauncher: async () => provider.launcher });
  open.push(checkout);
  const until = (state: State | 'ready') =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (state === 'ready' ? checkout.ready : checkout.state === state) {
          stop();
          resolve();
        }
      };
      const stop = checkout.subscribe(look);
      look();
    });
  checkout.start();
  return { checkout, page, provider, until };
}

import { describe, expect, test } from 'vitest';
import { day, minute, second } from '../../../server/ops/clock.js';
import type { ListedPayment, ListQuery } from '../../../server/providers/provider.js';
import { play, type World } from './conformance-world.js';

/** What every adapter promises of the provider's list. `world` and `at` are there once a case runs. */
export function listConformance(name: string, world: () => World, at: () => ReturnType<typeof play>): void {
  /** Whatever was done so far; the provider's clock may have been moved on. */
  const always = (): ListQuery => ({ from: Date.now() - day, until: Date.now() + 100 * day, limit: 100 });

  async function all(query: ListQuery, channel = world().channel): Promise<ListedPayment[]> {
    const found: ListedPayment[] = [];
    for (let after: string | undefined, pages = 0; ; pages++) {
      const page = await world().provider.listPayments(channel, { ...query, ...(after !== undefined && { after }) });
      if (page.outcome !== 'done') throw new Error(`no list: ${JSON.stringify(page)}`);
      expect(page.unread).toBe(0);
      expect(page.payments.length).toBeLessThanOrEqual(query.limit);
      found.push(...page.payments);
      after = page.next;
      if (after === undefined) return found;
      if (pages > 500) throw new Error('the pages have no end');
    }
  }
  const ofOrder = (lines: readonly ListedPayment[], { orderId }: { orderId: string }) =>
    lines.filter((line) => line.orderId === orderId);

  describe(`${name}: list`, () => {
    test('list – a paid payment is there with its facts', async () => {
      const of = await at().paid();
      const [line] = ofOrder(await all(always()), of);
      expect(line).toMatchObject({
        record: of.record,
        orderId: of.orderId,
        state: 'paid',
        amount: 12_000,
        currency: 'KRW',
        cancellations: [],
        environment: 'test',
        at: expect.any(Number),
      });
      expect(line?.cancelled ?? 0).toBe(0);
    });

    test('list – what was given back is told, and which cancellation it was or how much', async () => {
      const of = await at().paid();
      await world().driver.cancelInConsole(of.record, 5_000);
      const { cancellations } = await at().look(of);
      const lines = ofOrder(await all(always()), of);
      expect(lines.flatMap((line) => line.cancellations)).toEqual(cancellations.map(({ id }) => id));
      expect(lines.map(({ cancelled }) => cancelled ?? 5_000)).toContain(5_000);
      expect(lines.map(({ amount }) => amount)).toContain(12_000);
    });

    test('list – a window that nobody paid in is not told as money', async () => {
      const order = at().order();
      await at().open(order);
      expect(ofOrder(await all(always()), order).filter(({ state }) => state === 'paid')).toEqual([]);
    });

    test('list – pages of two tell the same as one of all, though everything happened at one moment', async () => {
      const made = [];
      for (let n = 0; n < 5; n++) made.push(await at().paid());
      const key = ({ record, cancellations }: ListedPayment) => `${record} ${cancellations}`;
      const whole = (await all(always())).map(key);
      const pieces = (await all({ ...always(), limit: 2 })).map(key);
      expect(new Set(pieces)).toEqual(new Set(whole));
      for (const { record } of made) expect(whole.some((line) => line.startsWith(record))).toBe(true);
    });

    test('list – a range holds its two ends, and nothing of the days before and after', async () => {
      const of = await at().paid();
      const paidAt = (await at().look(of)).paidAt as number;
      const within = async (from: number, until: number) =>
        ofOrder(await all({ from, until, limit: 100 }), of).length > 0;
      expect(await within(paidAt - 5 * minute, paidAt)).toBe(true);
      expect(await within(Math.floor(paidAt / second) * second, paidAt + 5 * minute)).toBe(true);
      expect(await within(paidAt - 2 * day, paidAt - 2 * second)).toBe(false);
      expect(await within(paidAt + 2 * second, paidAt + 2 * day)).toBe(false);
    });

    test('list – a range without payments is empty', async () => {
      const from = Date.now() - 30 * day;
      expect(await all({ from, until: from + day, limit: 100 })).toEqual([]);
    });

    test('list – dollars are cents on our side', async () => {
      const { dollars } = world();
      const there = play({ ...world(), channel: dollars });
      const of = await there.paid({ method: 'paypal', currency: 'USD', amount: 66_498 });
      expect(ofOrder(await all(always(), dollars), of)).toMatchObject([{ amount: 66_498, currency: 'USD' }]);
    });

    test('list – channels of one account are told by one list', () => {
      const { provider, channel, dollars } = world();
      expect(provider.account(channel)).toBe(provider.account(dollars));
      expect(provider.account(channel)).not.toMatch(/secret|sk_/);
    });

    test('list – a wrong secret is our misconfiguration', async () => {
      const outcome = await world().provider.listPayments(world().wrongSecret, always());
      expect(outcome).toMatchObject({ outcome: 'misconfigured' });
    });

    test.each([
      ['500', 'temporary'],
      ['html', 'temporary'],
      ['drop', 'no_reply'],
      ['timeout', 'no_reply'],
    ])('list – answered with %s it is unknown, never "nothing"', async (kind, why) => {
      await world().driver.arm({ on: 'list', kind });
      const asked = kind === 'timeout' ? world().impatient : world().provider;
      expect(await asked.listPayments(world().channel, always())).toMatchObject({ outcome: 'unknown', why });
      expect(await world().provider.listPayments(world().channel, always())).toMatchObject({ outcome: 'done' });
    });

    test('list – a place that is none of ours is unknown', async () => {
      const outcome = await world().provider.listPayments(world().channel, { ...always(), after: 'nowhere at all' });
      expect(outcome.outcome).not.toBe('done');
    });
  });
}

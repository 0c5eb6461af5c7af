import { describe, expect, test } from 'vitest';
import { second } from '../../../server/ops/clock.js';
import { dayOf, hourOf, nextComparison } from '../../../server/reconciliation/calendar.js';

const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString();

describe('the days of a merchant', () => {
  test.each([
    ['2026-03-02T14:59:59Z', 'Asia/Seoul', '2026-03-02'],
    ['2026-03-02T15:00:00Z', 'Asia/Seoul', '2026-03-03'],
    ['2026-03-02T04:59:59Z', 'America/New_York', '2026-03-01'],
    ['2026-12-31T23:59:59.999Z', 'UTC', '2026-12-31'],
    ['2026-12-31T15:00:00Z', 'Asia/Seoul', '2027-01-01'],
  ])('at %s it is in %s the %s', (instant, zone, day) => {
    expect(dayOf(at(instant), zone)).toBe(day);
  });

  test.each([
    ['2026-03-03', 'Asia/Seoul', '2026-03-02T19:00:00.000Z'],
    ['2026-03-07', 'America/New_York', '2026-03-07T09:00:00.000Z'],
    // Clocks went forward two hours before.
    ['2026-03-08', 'America/New_York', '2026-03-08T08:00:00.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-25T03:00:00.000Z'],
    ['2026-03-03', 'Asia/Kathmandu', '2026-03-02T22:15:00.000Z'],
  ])('four in the morning of %s in %s is %s', (day, zone, instant) => {
    expect(iso(hourOf(day, 4, zone))).toBe(instant);
  });

  test('an hour that the clocks leave out comes as much later as they jump', () => {
    expect(iso(hourOf('2026-03-08', 2, 'America/New_York'))).toMatch(/^2026-03-08T0[67]:00/);
  });

  test('the next comparison is the first four o’clock after now, each day once', () => {
    const noon = at('2026-03-02T03:00:00Z');
    const first = nextComparison(noon, 'Asia/Seoul');
    expect([first.day, iso(first.at)]).toEqual(['2026-03-03', '2026-03-02T19:00:00.000Z']);
    expect(nextComparison(first.at - second, 'Asia/Seoul')).toEqual(first);
    expect(nextComparison(first.at, 'Asia/Seoul').day).toBe('2026-03-04');
  });

  test('a year of them has each day, in every zone', () => {
    for (const zone of ['Asia/Seoul', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham']) {
      const days = new Set<string>();
      let now = at('2026-01-01T00:00:00Z');
      for (let n = 0; n < 365; n++) {
        const next = nextComparison(now, zone);
        expect(next.at, zone).toBeGreaterThan(now);
        expect(dayOf(next.at, zone)).toBe(next.day);
        days.add(next.day);
        now = next.at;
      }
      expect(days.size).toBe(365);
    }
  });
});

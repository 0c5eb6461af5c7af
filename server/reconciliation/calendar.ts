import { day, type Instant } from '../ops/clock.js';

/** At this hour of the merchant's day its books are compared: the day before has ended everywhere in it, and few people pay. */
export const comparisonHour = 4;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...digits, second: '2-digit' });
  formats.set(zone, made);
  return made;
}

/** What the clocks of a zone show at an instant, as if it were UTC. */
function shown(at: Instant, zone: string): Instant {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The date on the calendars of a zone: `2026-03-02`. */
export const dayOf = (at: Instant, zone: string): string => new Date(shown(at, zone)).toISOString().slice(0, 10);

/** When the clocks of a zone show that hour of that day; an hour that they leave out comes as much later as they jump. */
export function hourOf(date: string, hour: number, zone: string): Instant {
  const wanted = Date.parse(`${date}T${String(hour).padStart(2, '0')}:00:00Z`);
  const near = wanted - (shown(wanted, zone) - wanted);
  return wanted - (shown(near, zone) - near);
}

/** The first comparison after an instant: its day, and when it is. */
export function nextComparison(after: Instant, zone: string): { readonly day: string; readonly at: Instant } {
  const today = dayOf(after, zone);
  const at = hourOf(today, comparisonHour, zone);
  if (at > after) return { day: today, at };
  const tomorrow = new Date(Date.parse(`${today}T00:00:00Z`) + day).toISOString().slice(0, 10);
  return { day: tomorrow, at: hourOf(tomorrow, comparisonHour, zone) };
}

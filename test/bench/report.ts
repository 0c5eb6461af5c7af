/** One line of the bench: `ok` is null where there is no goal, or nothing could be measured. */
export interface Row {
  readonly name: string;
  /** Null: could not be measured here; `unit` says why. */
  readonly value: number | null;
  readonly unit: string;
  readonly goal: string | null;
  readonly ok: boolean | null;
}

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export function row(name: string, value: number, unit: string, goal?: Goal): Row {
  const rounded = Number(value.toPrecision(3));
  if (!goal) return { name, value: rounded, unit, goal: null, ok: null };
  return 'atLeast' in goal
    ? { name, value: rounded, unit, goal: `≥ ${goal.atLeast}`, ok: value >= goal.atLeast }
    : { name, value: rounded, unit, goal: `≤ ${goal.atMost}`, ok: value <= goal.atMost };
}

export const notMeasured = (name: string, why: string): Row => ({ name, value: null, unit: why, goal: null, ok: null });

const verdict = ({ ok }: Row): string => (ok === null ? '' : ok ? 'ok' : 'MISSED');

export function table(rows: readonly Row[]): string {
  const cells = rows.map((one) => [
    one.name,
    one.value === null ? '–' : String(one.value),
    one.unit,
    one.goal ?? '',
    verdict(one),
  ]);
  const all = [['figure', 'value', 'unit', 'goal', ''], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

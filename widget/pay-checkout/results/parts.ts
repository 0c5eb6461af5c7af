import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Locale } from '../../../contract/index.js';
import { css } from '../../element.js';
import { tags } from '../../i18n/format.js';

/** What the views of a result share. */
export const resultStyles = css`
  .result { flex: 1; display: flex; flex-direction: column; gap: 20px; }
  .result > header { display: grid; gap: 6px; justify-items: center; text-align: center; padding-block-start: 8px; }
  .result header p { color: var(--_muted); }
  .mark { display: grid; place-items: center; inline-size: 56px; block-size: 56px; border-radius: 50%; margin-block-end: 8px; background: var(--_surface); color: var(--_muted); }
  .mark.good { background: var(--_accent); color: var(--_on-accent); }
  .mark.bad { color: var(--_danger); }
  .mark svg { inline-size: 28px; block-size: 28px; fill: none; stroke: currentcolor; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
  dl { display: grid; gap: 10px; padding: 16px; background: var(--_surface); border-radius: var(--_radius); font-size: 0.9375rem; }
  dl > div { display: flex; justify-content: space-between; gap: 16px; }
  dt { color: var(--_muted); flex: none; }
  dd { text-align: end; font-variant-numeric: tabular-nums; min-inline-size: 0; }
  dd.strong { font-weight: 700; }
  .buttons { display: grid; gap: 8px; margin-block-start: auto; }
  .pair { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: 8px; }
  @media print {
    .buttons, .copy, .bar { display: none; }
    .card { border: 0; }
  }
`;

const marks = {
  good: 'M5 12.5 10 17.5 19 7.5',
  wait: 'M12 7v5.5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18',
  bad: 'M12 6.5v7M12 17v.5',
  calm: 'M7 7l10 10M17 7 7 17',
} as const;

export const head = (mark: keyof typeof marks, title: string, ...notes: (string | undefined)[]): TemplateResult => html`
  <header>
    <span class="mark ${mark}"><svg viewBox="0 0 24 24" aria-hidden="true"><path d=${marks[mark]} /></svg></span>
    <h2 tabindex="-1" part="result-title">${title}</h2>
    ${notes.map((note) => (note ? html`<p dir="auto">${note}</p>` : nothing))}
  </header>
`;

/** Name, value, and whether it stands out. Without a value there is no row. */
export type Row = [name: string, value: unknown, strong?: boolean];

export const rows = (all: readonly Row[]): TemplateResult => html`
  <dl part="rows">
    ${all.map(([name, value, strong]) =>
      value ? html`<div><dt>${name}</dt><dd class=${strong ? 'strong' : ''} dir="auto">${value}</dd></div>` : nothing,
    )}
  </dl>
`;

/** An instant as this shopper's clock shows it. */
export const time = (at: string, locale: Locale): string =>
  new Date(at).toLocaleString(tags[locale], { dateStyle: 'long', timeStyle: 'short' });

import { css } from '../element.js';
import { styles as base } from '../pay-checkout/styles.js';

/** Beside those of the checkout. */
export const styles = css`
  ${base}
  :host { max-inline-size: var(--pay-max-width, 40rem); }
  ul { margin: 0; padding: 0; list-style: none; }
  li { display: grid; gap: 4px; }
  li + li { margin-block-start: 20px; padding-block-start: 20px; border-block-start: 1px solid var(--_border); }
  li > div:first-child, li > p { display: flex; flex-wrap: wrap; gap: 0 10px; }
  li > p { color: var(--_muted); font-size: 0.9375rem; }
  h3 { margin: 0; font-size: 1.0625rem; }
  li h3 { flex: 1 1 60%; }
  strong { margin-inline-start: auto; font-variant-numeric: tabular-nums; }
  b { color: var(--_text); font-weight: 600; }
  .pending b, .checking b { color: var(--_link); }
  .failed b { color: var(--_danger); }
  .refunded strong, .canceled strong, .expired strong { text-decoration: line-through; }
  .link { justify-self: start; color: var(--_link); text-decoration: underline; min-block-size: 24px; }
  .note { text-align: center; }
  .notice { margin-block-end: 20px; }
  ul + .secondary { margin-block-start: 20px; }
  .bones { display: grid; gap: 8px; }
  .bone:nth-child(3n) { margin-block-end: 20px; }
`;

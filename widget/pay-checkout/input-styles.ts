import { css } from '../element.js';

/** What is typed into: in the form, and where a deposit goes back to. */
export const inputStyles = css`
  .quantity { justify-content: space-between; color: var(--_muted); font-size: 0.9375rem; }
  .stepper { display: flex; background: var(--_surface); border-radius: 12px; color: var(--_text); }
  .stepper button { inline-size: 44px; block-size: 44px; font-size: 1.25rem; border-radius: 12px; }
  .stepper button[aria-disabled='true'] { color: var(--_muted); opacity: 0.5; cursor: default; }
  .stepper input { inline-size: 3.25rem; border: 0; background: none; text-align: center; font-variant-numeric: tabular-nums; border-radius: 8px; }
  .field + .field { margin-block-start: 12px; }
  .field label { display: block; margin-block-end: 4px; font-size: 0.875rem; color: var(--_muted); }
  .field input, .field select {
    inline-size: 100%;
    min-block-size: 50px;
    padding: 0 14px;
    background: var(--_background);
    border: 1px solid var(--_muted);
    border-radius: 12px;
  }
  .search { display: flex; gap: 8px; }
  .field .search input { flex: 1; min-inline-size: 0; }
  .find { flex: none; padding: 0 14px; border-radius: 12px; background: var(--_surface); font-size: 0.9375rem; font-weight: 600; }
  .field input[aria-invalid='true'] { border-color: var(--_danger); }
  .error { margin-block-start: 4px; color: var(--_danger); font-size: 0.875rem; }
  @media (forced-colors: active) {
    .stepper, .find { border: 1px solid; }
  }
`;

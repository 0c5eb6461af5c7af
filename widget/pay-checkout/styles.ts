import { css } from '../element.js';

const dark = css`
  color-scheme: dark;
  --_accent: var(--pay-accent, #2f6fe4);
  --_on-accent: var(--pay-accent-text, #fff);
  --_link: var(--pay-accent, #7db0ff);
  --_background: var(--pay-background, #17181c);
  --_surface: var(--pay-surface, #23252b);
  --_text: var(--pay-text, #f2f4f6);
  --_muted: var(--pay-muted, #a5adb8);
  --_border: var(--pay-border, #393d46);
  --_danger: var(--pay-danger, #ff8a8a);
`;

export const styles = css`
  :host {
    display: block;
    color-scheme: light;
    --_accent: var(--pay-accent, #1768e5);
    --_on-accent: var(--pay-accent-text, #fff);
    --_link: var(--pay-accent, #1768e5);
    --_background: var(--pay-background, #fff);
    --_surface: var(--pay-surface, #f4f6f8);
    --_text: var(--pay-text, #191f28);
    --_muted: var(--pay-muted, #5b6573);
    --_border: var(--pay-border, #dde2e8);
    --_danger: var(--pay-danger, #c9252d);
    --_radius: var(--pay-radius, 16px);
    max-inline-size: var(--pay-max-width, 30rem);
    font-family: var(--pay-font, Pretendard, system-ui, -apple-system, 'Apple SD Gothic Neo', 'Noto Sans KR', sans-serif);
    font-size: 1rem;
    line-height: 1.5;
    text-align: start;
  }
  :host([presentation='modal']) { display: contents; }
  :host([hidden]) { display: none; }
  :host([theme='dark']) { ${dark} }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) { ${dark} }
  }
  *, ::before, ::after { box-sizing: border-box; }
  .card {
    display: flex;
    flex-direction: column;
    color: var(--_text);
    background: var(--_background);
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 1.25);
    padding: clamp(16px, 5vw, 24px);
    word-break: keep-all;
    overflow-wrap: anywhere;
    -webkit-text-size-adjust: 100%;
  }
  .inline { min-block-size: var(--pay-min-height); }
  .inline:has(.bone) { min-block-size: var(--pay-min-height, 35rem); }
  @media (max-width: 30rem) {
    .inline:has(.bone) { min-block-size: var(--pay-min-height, 39rem); }
  }
  .card > form { display: contents; }
  .body { display: grid; gap: 24px; transition: opacity 0.2s; }
  .body[inert] { opacity: 0.45; }
  .pay { display: grid; gap: 12px; margin-block-start: auto; padding-block-start: 24px; }
  h2, p, fieldset, dl, dd { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
  h2 { font-size: 1.375rem; line-height: 1.35; letter-spacing: -0.01em; outline: 0; }
  legend { padding: 0; margin-block-end: 10px; font-size: 0.9375rem; font-weight: 600; }
  .merchant { color: var(--_muted); font-size: 0.875rem; margin-block-end: 4px; }
  .line { display: flex; align-items: center; gap: 12px; }
  .line + .line { margin-block-start: 12px; }
  .line img { border-radius: 12px; object-fit: cover; background: var(--_surface); }
  .name {
    flex: 1;
    font-size: 1.0625rem;
    font-weight: 600;
    display: -webkit-box;
    -webkit-line-clamp: 3;
    -webkit-box-orient: vertical;
    overflow: hidden;
  }
  .price { white-space: nowrap; font-variant-numeric: tabular-nums; }
  small, .note, .safe { color: var(--_muted); font-size: 0.875rem; }
  button, input, select { font: inherit; color: inherit; }
  button { cursor: pointer; border: 0; background: none; padding: 0; -webkit-tap-highlight-color: transparent; touch-action: manipulation; }
  .methods { display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(7.25rem, 1fr)); }
  .method {
    position: relative;
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 52px;
    padding: 8px 12px;
    font-size: 0.9375rem;
    line-height: 1.25;
    background: var(--_surface);
    border-radius: 12px;
    cursor: pointer;
    transition: box-shadow 0.12s;
  }
  .method input { position: absolute; inset: 0; margin: 0; opacity: 0; pointer-events: none; }
  .chosen { background: var(--_background); box-shadow: inset 0 0 0 2px var(--_link); font-weight: 600; }
  .icon { flex: none; inline-size: 24px; block-size: 24px; fill: none; stroke: currentcolor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
  .letter { display: grid; place-items: center; border-radius: 8px; font-size: 0.8125rem; font-weight: 800; background: #1768e5; color: #fff; }
  .kakaopay { background: #fee500; color: #191600; }
  .naverpay { background: #007a36; }
  .paypal { background: #003087; }
  .total { display: flex; justify-content: space-between; align-items: baseline; gap: 12px; color: var(--_muted); font-size: 0.9375rem; }
  .total strong { color: var(--_text); font-size: 1.375rem; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
  .main, .secondary {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 10px;
    min-block-size: 56px;
    inline-size: 100%;
    padding: 8px 16px;
    border-radius: var(--_radius);
    font-size: 1.0625rem;
    font-weight: 600;
    text-align: center;
    text-decoration: none;
    transition: filter 0.12s, transform 0.12s;
  }
  .main { background: var(--_accent); color: var(--_on-accent); }
  .secondary { background: var(--_surface); color: var(--_text); }
  .main:active, .secondary:active { transform: scale(0.985); filter: brightness(0.94); }
  .main[aria-disabled='true'] { cursor: default; background: var(--_surface); color: var(--_muted); }
  .safe { font-size: 0.8125rem; text-align: center; }
  .safe .icon { inline-size: 1rem; block-size: 1rem; margin-inline-end: 4px; vertical-align: -0.15em; }
  .notice { padding: 12px 14px; border-radius: 12px; background: var(--_surface); font-size: 0.9375rem; }
  .notice.bad { color: var(--_danger); }
  .panel { display: grid; gap: 16px; margin-block: auto; justify-items: center; text-align: center; }
  .panel p { color: var(--_muted); }
  .panel p.notice { color: var(--_text); }
  .spinner { inline-size: 20px; block-size: 20px; flex: none; border: 2.5px solid currentcolor; border-inline-end-color: transparent; border-radius: 50%; animation: turn 0.8s linear infinite; }
  .bone { block-size: 28px; border-radius: 8px; background: var(--_surface); animation: breathe 1.6s ease-in-out infinite; }
  .bone.short { inline-size: 40%; block-size: 20px; }
  .bone.box { block-size: 56px; border-radius: 12px; }
  .bone.tall { block-size: 62px; border-radius: 12px; }
  .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  :focus-visible, .method:has(:focus-visible) { outline: 3px solid var(--_link); outline-offset: 2px; }
  .method input:focus-visible { outline: 0; }
  @keyframes turn { to { rotate: 1turn; } }
  @keyframes breathe { 50% { opacity: 0.45; } }
  @media (prefers-reduced-motion: reduce) {
    * { animation-duration: 3s !important; transition: none !important; }
    .bone { animation: none; }
  }
  @media (forced-colors: active) {
    .method, .main, .secondary, .notice { border: 1px solid; }
    .chosen { outline: 3px solid Highlight; }
  }
`;

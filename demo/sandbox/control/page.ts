import { faultKinds, faultPoints } from '../faults.js';
import type { Language } from '../html.js';
import { embedJson, escapeHtml } from '../html.js';
import { windowTexts } from '../window/texts.js';
import type { ControlTexts } from './texts.js';
import { controlTexts } from './texts.js';

const minuteMs = 60_000;
const jumps: readonly (readonly [label: string, ms: number])[] = [
  ['+1 min', minuteMs],
  ['+10 min', 10 * minuteMs],
  ['+40 min', 40 * minuteMs],
  ['+1 h', 60 * minuteMs],
  ['+1 d', 1440 * minuteMs],
  ['+8 d', 11_520 * minuteMs],
];

/** As the records name them. */
const providers = ['toss', 'portone-v2', 'portone-v1'] as const;
const providerNames: Readonly<Record<(typeof providers)[number], string>> = {
  toss: 'Toss Payments',
  'portone-v2': 'PortOne V2',
  'portone-v1': 'PortOne V1',
};
const providerOptions = providers.map((each) => `<option value="${each}">${providerNames[each]}</option>`).join('');

const clockButtons = jumps
  .map(([label, ms]) => `<button type="button" data-advance="${ms}" data-testid="advance-${ms}">${label}</button>`)
  .join('\n');

/** `error` needs a code, so it is for the API alone. */
function faultButtons(texts: ControlTexts): string {
  return faultPoints
    .map((on) => {
      const buttons = Object.keys(faultKinds[on])
        .filter((kind) => kind !== 'error')
        .map(
          (kind) => `<button type="button" data-on="${on}" data-kind="${kind}"
 data-testid="fault-${on}-${kind}">${kind}</button>`,
        );
      return `<h3>${escapeHtml(texts.points[on])} <code>${on}</code></h3><div class="row">${buttons.join('\n')}</div>`;
    })
    .join('\n');
}

/** The control page at `/`: books, faults, clock. Its numbers are filled in by its script, from the control API. */
export function controlPage(language: Language): string {
  const texts = controlTexts[language];
  const t = (text: string) => escapeHtml(text);
  const { order, provider, amount, state, method, cancelled, time, actions } = texts.columns;
  const head = [order, provider, amount, state, method, cancelled, time, actions]
    .map((column) => `<th scope="col">${t(column)}</th>`)
    .join('');
  const { event, target, attempts } = texts.webhookColumns;
  const webhookHead = [event, order, state, attempts, target, actions]
    .map((column) => `<th scope="col">${t(column)}</th>`)
    .join('');
  const other = language === 'ko' ? 'en' : 'ko';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${t(texts.title)}</title>
<link rel="stylesheet" href="/assets/control.css">
</head>
<body>
<header>
<div><h1>${t(texts.title)}</h1><p class="quiet">${t(texts.intro)}</p></div>
<a href="/?lang=${other}" lang="${other}" hreflang="${other}" data-testid="language">${t(texts.other)}</a>
</header>
<main>
<section aria-labelledby="books">
<div class="bar"><h2 id="books">${t(texts.books)}</h2>
<select id="provider" aria-label="${t(provider)}" data-testid="provider">
<option value="">${t(texts.everyProvider)}</option>${providerOptions}</select>
<button type="button" id="refresh" data-testid="refresh">${t(texts.refresh)}</button>
<button type="button" id="reset" data-testid="reset">${t(texts.reset)}</button></div>
<p id="totals" data-testid="totals"></p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="books">
<table><thead><tr>${head}</tr></thead><tbody id="records" data-testid="records"></tbody></table></div>
<p class="quiet" id="empty">${t(texts.empty)}</p>
</section>
<section aria-labelledby="webhooks">
<div class="bar"><h2 id="webhooks">${t(texts.webhooks)}</h2></div>
<p class="quiet">${t(texts.webhooksHint)}</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="webhooks">
<table><thead><tr>${webhookHead}</tr></thead><tbody id="deliveries" data-testid="deliveries"></tbody></table></div>
<p class="quiet" id="no-deliveries">${t(texts.noWebhooks)}</p>
</section>
<section aria-labelledby="faults">
<div class="bar"><h2 id="faults">${t(texts.faults)}</h2>
<button type="button" id="clear" data-testid="clear-faults">${t(texts.clear)}</button></div>
<p class="quiet">${t(texts.faultsHint)}</p>
<p>${t(texts.armed)}: <span id="armed" data-testid="armed"></span></p>
${faultButtons(texts)}
</section>
<section aria-labelledby="clock">
<h2 id="clock">${t(texts.clock)}</h2>
<p>${t(texts.now)}: <time id="now" data-testid="now"></time></p>
<div class="row">${clockButtons}</div>
<form id="latency" class="row"><label>${t(texts.latency)}
<input name="ms" type="number" min="0" max="60000" step="50" data-testid="latency"></label>
<button type="submit" data-testid="set-latency">${t(texts.set)}</button></form>
</section>
<p role="status" id="said" data-testid="said"></p>
</main>
<script type="application/json" id="texts">${embedJson({ ...texts, providers: providerNames, methods: windowTexts[language].methods })}</script>
<script src="/assets/control.js" defer></script>
</body>
</html>`;
}

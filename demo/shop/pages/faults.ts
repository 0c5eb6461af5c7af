import type { LocalText } from '../../../contract/index.js';
import { merchantNames } from '../../config/merchants.js';
import { controlTexts } from '../../sandbox/control/texts.js';
import { type FaultPoint, faultKinds, faultPoints } from '../../sandbox/faults.js';
import { pageOf } from '../layout.js';
import { html, type Markup } from '../markup.js';
import { allSites, goodsOf, type Site } from '../sites.js';
import { sold, tag } from '../tag.js';
import type { Visit } from '../visit.js';

/** What the shop and its shopper go through, for each fault that there is. A new one stands here by its own name. */
const meanings: Readonly<Record<string, LocalText>> = {
  charge_then_timeout: { ko: '돈은 나갔는데 답이 오지 않아요.', en: 'Charged, and no answer ever comes.' },
  charge_then_drop: { ko: '돈은 나갔는데 연결이 끊겨요.', en: 'Charged, and the connection is cut.' },
  charge_then_html: { ko: '돈은 나갔는데 답이 HTML이에요.', en: 'Charged, and the answer is HTML.' },
  charge_then_500: { ko: '돈은 나갔는데 오류 500이 와요.', en: 'Charged, and the answer is a 500.' },
  error_500_without_charge: { ko: '돈은 나가지 않고 오류 500이 와요.', en: 'Not charged, and the answer is a 500.' },
  in_progress: { ko: '같은 요청을 아직 처리 중이라고 해요.', en: 'Says that it is still at it.' },
  wrong_amount: { ko: '다른 금액이 결제돼요.', en: 'Another amount is charged.' },
  wrong_currency: { ko: '다른 통화로 결제돼요.', en: 'Charged in another currency.' },
  duplicate_order: { ko: '한 주문이 두 번 승인돼요.', en: 'One order is approved twice.' },
  drop: { ko: '요청이 닿기 전에 연결이 끊겨요.', en: 'Cut before the request arrives.' },
  timeout: { ko: '요청이 닿지 않고 답도 없어요.', en: 'Never arrives, never answers.' },
  html: { ko: '점검 페이지(HTML)가 대신 와요.', en: 'A maintenance page comes instead.' },
  slow: { ko: '3초 늦게 처리해요.', en: 'Three seconds late.' },
  error: { ko: '정한 오류 코드로 거절해요.', en: 'Refused with a code of your choice.' },
  '500': { ko: '오류 500이 와요.', en: 'The answer is a 500.' },
  not_found_once: { ko: '한 번은 그런 결제가 없다고 해요.', en: 'Once, it knows nothing of it.' },
  cancel_then_timeout: { ko: '취소됐는데 답이 오지 않아요.', en: 'Refunded, and no answer ever comes.' },
  cancel_then_drop: { ko: '취소됐는데 연결이 끊겨요.', en: 'Refunded, and the connection is cut.' },
  cancel_then_html: { ko: '취소됐는데 답이 HTML이에요.', en: 'Refunded, and the answer is HTML.' },
  cancel_then_500: { ko: '취소됐는데 오류 500이 와요.', en: 'Refunded, and the answer is a 500.' },
  cancel_500: { ko: '취소되지 않고 오류 500이 와요.', en: 'Not refunded, and the answer is a 500.' },
  pending: { ko: '바로 정하지 않고 나중에 정해요.', en: 'Decides later, on the sandbox’s page.' },
  before_reply: { ko: '답보다 웹훅이 먼저 와요.', en: 'The webhook comes before the answer.' },
  twice: { ko: '같은 웹훅이 두 번 와요.', en: 'The same webhook comes twice.' },
  reversed: { ko: '웹훅 두 개의 순서가 바뀌어요.', en: 'Two webhooks change places.' },
  late: { ko: '웹훅이 10분 늦게 와요.', en: 'The webhook is ten minutes late.' },
  never: { ko: '웹훅이 오지 않아요.', en: 'The webhook never comes.' },
  forged: { ko: '서명이 위조된 웹훅이 와요.', en: 'Its signature is forged.' },
  unsigned: { ko: '서명이 없는 웹훅이 와요.', en: 'It has no signature.' },
  old: { ko: '오래된 시각의 웹훅이 와요.', en: 'Its time is long past.' },
  giant: { ko: '너무 큰 웹훅이 와요.', en: 'It is far too large.' },
  not_json: { ko: 'JSON이 아닌 웹훅이 와요.', en: 'It is no JSON.' },
  other_version: { ko: '다른 버전의 웹훅이 와요.', en: 'It is of another version.' },
  unknown_type: { ko: '모르는 종류의 웹훅이 와요.', en: 'It is of an unknown type.' },
};

export interface ArmedFault {
  readonly id: number;
  readonly on: string;
  readonly kind: string;
  readonly left: number;
}

function kindRow(visit: Visit, on: FaultPoint, kind: string, site: Site): Markup {
  const { local, texts, href } = visit;
  const meaning = meanings[kind];
  const id = `fault-${on}-${kind}`;
  return html`<li><form method="post" action="${href(`/faults?site=${site.id}`)}">
<input type="hidden" name="on" value="${on}"><input type="hidden" name="kind" value="${kind}">
<p id="${id}">${meaning ? local(meaning) : kind}<br><code class="quiet small">${kind}</code></p>
${kind === 'error' && html`<label class="control"><span>${texts.faults.code}</span><input name="code" value="PROVIDER_ERROR" required></label>`}
<button class="button quiet small" aria-describedby="${id}" data-testid="${id}">${texts.faults.arm}</button></form></li>`;
}

/** Every fault that the sandbox has, and a checkout to try it on. */
export function faultsPage(visit: Visit, site: Site, armed: readonly ArmedFault[]): string {
  const { texts, href, local, language, places } = visit;
  const { points } = controlTexts[language];
  const [good] = goodsOf(site);
  const list = faultPoints.map(
    (
      on,
    ) => html`<details class="card group"${(on === 'confirm' || on === 'approve') && html` open`}><summary>${points[on]} <code class="quiet small">${on}</code></summary>
<ul class="faults">${Object.keys(faultKinds[on]).map((kind) => kindRow(visit, on, kind, site))}</ul></details>`,
  );
  return pageOf(visit, {
    ...{ title: texts.faults.title, checkout: true },
    main: html`<div class="intro"><h1>${texts.faults.title}</h1><p>${texts.faults.intro}</p></div>
<div class="playground">
<div class="controls">${list}</div>
<div class="stage"><section class="card"><div class="bar"><h2>${texts.faults.armed}</h2>
<form method="post" action="${href(`/faults/clear?site=${site.id}`)}"><button class="button quiet small" data-testid="clear-faults">${texts.faults.clear}</button></form></div>
<p data-testid="armed">${armed.length > 0 ? armed.map(({ on, kind, left }) => html`<code class="armed">${on} · ${kind} × ${left}</code> `) : texts.faults.none}</p>
<p class="quiet small"><a href="${places.sandbox}/?lang=${language}">${texts.faults.sandbox}</a></p></section>
<nav class="tabs" aria-label="${texts.faults.tryOn}">${allSites.map(
      ({ id }) =>
        html`<a href="${href(`/faults?site=${id}`)}"${id === site.id && html` aria-current="page"`}>${local(merchantNames[id])}</a>`,
    )}</nav>
${good && tag({ ...sold(site, good.id), debug: true })}</div></div>`,
  });
}

import { formatAmount } from '../amount.js';
import { windowBanks } from '../banks.js';
import type { Language } from '../html.js';
import { embedJson, escapeHtml } from '../html.js';
import { cardGroups, carriers, testCards } from '../instruments.js';
import type { BankRecord } from '../record.js';
import type { WindowTexts } from './texts.js';
import { windowTexts } from './texts.js';
import type { PaymentWindow } from './windows.js';

const localTime = (at: number, language: Language): string =>
  new Date(at).toLocaleString(language === 'ko' ? 'ko-KR' : 'en-US', {
    timeZone: 'Asia/Seoul',
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  });

const shell = (language: Language, title: string, body: string): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/assets/window.css">
</head>
<body>
${body}
</body>
</html>`;

const banner = (texts: WindowTexts): string => `<p class="banner">${escapeHtml(texts.sandbox)}</p>`;

const options = (choices: readonly (readonly [value: string, text: string])[]): string =>
  choices.map(([value, text]) => `<option value="${value}">${escapeHtml(text)}</option>`).join('');

function summary(record: BankRecord, brand: string, texts: WindowTexts, language: Language): string {
  return `<header>
${banner(texts)}
<p class="brand">${escapeHtml(brand)}</p>
<h1 data-testid="order-name">${escapeHtml(record.orderName)}</h1>
<p class="amount"><span class="quiet">${escapeHtml(texts.amount)}</span>
<strong data-testid="amount">${formatAmount(record.amount, record.currency, language)}</strong></p>
</header>`;
}

function choices(window: PaymentWindow, texts: WindowTexts): string {
  const radios = window.methods
    .map(
      (method, index) => `<label class="choice"><input type="radio" name="method" value="${method}"
 data-testid="method-${method}"${index === 0 ? ' checked' : ''}><span>${escapeHtml(texts.methods[method])}</span></label>`,
    )
    .join('\n');
  return `<fieldset class="choices"><legend>${escapeHtml(texts.choose)}</legend>\n${radios}\n</fieldset>`;
}

function details(window: PaymentWindow, dueAt: number, texts: WindowTexts, language: Language): string {
  const banks = options(windowBanks.map((bank) => [bank.word, bank[language]]));
  const cards = testCards
    .map(
      (card) => `<button type="button" class="pick" data-card="${cardGroups(card.number)}"
 data-testid="card-${card.number.slice(-4)}"><span>${cardGroups(card.number)}</span>
<small>${escapeHtml(texts.cards[card.decline ?? 'pays'])}</small></button>`,
    )
    .join('\n');
  const parts: Readonly<Record<string, string>> = {
    card: `<label class="field"><span>${escapeHtml(texts.card)}</span>
<input name="card" inputmode="numeric" autocomplete="off" maxlength="23" aria-describedby="card-hint"
 value="${cardGroups(testCards[0]?.number ?? '')}" data-testid="card-number"></label>
<p class="quiet" id="card-hint">${escapeHtml(texts.cardHint)}</p><div class="picks">${cards}</div>`,
    transfer: `<label class="field"><span>${escapeHtml(texts.bank)}</span>
<select name="transferBank" data-testid="transfer-bank">${banks}</select></label>`,
    virtual_account: `<label class="field"><span>${escapeHtml(texts.bank)}</span>
<select name="accountBank" data-testid="account-bank">${banks}</select></label>
<p class="quiet" data-testid="due-date">${escapeHtml(texts.dueBy(localTime(dueAt, language)))}</p>`,
    phone: `<label class="field"><span>${escapeHtml(texts.carrier)}</span>
<select name="carrier" data-testid="carrier">${options(carriers.map((each) => [each, each]))}</select></label>`,
    easy: `<p class="quiet">${escapeHtml(texts.easyPay)}</p>`,
  };
  const wanted = new Set(window.methods.map((method) => (method in parts ? method : 'easy')));
  return [...wanted]
    .map((part) => `<section class="details" data-details="${part}" hidden>${parts[part]}</section>`)
    .join('\n');
}

/** The payment window of one record. */
export function windowPage(window: PaymentWindow, record: BankRecord, dueAt: number, language: Language): string {
  const texts = windowTexts[language];
  const amount = formatAmount(record.amount, record.currency, language);
  const said = {
    openerOrigin: window.openerOrigin,
    popup: window.popup === true,
    texts: {
      busy: texts.busy,
      pay: texts.pay(amount),
      failed: texts.failed,
      done: texts.done,
      card: texts.refusedCard,
      expired: texts.expired,
      processed: texts.processed,
    },
  };
  return shell(
    language,
    `${texts.title} – ${record.orderName}`,
    `<main class="window" data-testid="payment-window">
${summary(record, window.brand, texts, language)}
<form method="post" novalidate>
<div class="body">
${choices(window, texts)}
${details(window, dueAt, texts, language)}
</div>
<footer>
<p role="alert" class="alert" data-testid="alert"></p>
<div class="actions">
<button type="button" class="cancel" data-testid="cancel">${escapeHtml(texts.cancel)}</button>
<button type="submit" class="pay" data-testid="pay">${escapeHtml(texts.pay(amount))}</button>
</div>
</footer>
</form>
</main>
<script type="application/json" id="said">${embedJson(said)}</script>
<script src="/assets/window.js" defer></script>`,
  );
}

export function notFoundPage(language: Language): string {
  const texts = windowTexts[language];
  return shell(
    language,
    texts.notFound,
    `<main class="window">${banner(texts)}<div class="body"><h1>${escapeHtml(texts.notFound)}</h1></div></main>`,
  );
}

export function receiptPage(record: BankRecord, language: Language): string {
  const texts = windowTexts[language];
  const money = (minor: number) => formatAmount(minor, record.currency, language);
  const rows: (readonly [string, string])[] = [[texts.order, record.orderId]];
  if (record.instrument) rows.push([texts.choose, texts.methods[record.instrument.method]]);
  if (record.paidAt !== undefined) rows.push([texts.paidAt, localTime(record.paidAt, language)]);
  if (record.cancelled > 0) rows.push([texts.canceled, money(record.cancelled)]);
  const list = rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('');
  return shell(
    language,
    texts.receipt,
    `<main class="window">${summary(record, texts.receipt, texts, language)}<div class="body"><dl>${list}</dl></div></main>`,
  );
}

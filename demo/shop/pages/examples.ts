import type { LocalText } from '../../../contract/index.js';
import { pageOf } from '../layout.js';
import { html, type Markup } from '../markup.js';
import { type Good, goodsOf, type Site, siteOf } from '../sites.js';
import { codeBox, snippet, sold, type TagAttributes, tag } from '../tag.js';
import type { Visit } from '../visit.js';
import { article } from './product.js';

const site = (id: string) => siteOf(id) as Site;
const good = (of: Site, id: string) => goodsOf(of).find((each) => each.id === id) as Good;

interface Example {
  readonly path: string;
  readonly name: LocalText;
  readonly about: LocalText;
}

/** Pages with a tag of their own, and those that show the rest. */
export const examples: readonly Example[] = [
  {
    path: '/examples/modal',
    name: { ko: '대화상자', en: 'A dialog' },
    about: { ko: '페이지의 버튼이 open()으로 결제를 엽니다.', en: 'A button of the page opens it with open().' },
  },
  {
    path: '/examples/button',
    name: { ko: '버튼 하나', en: 'One button' },
    about: { ko: '글 속에 버튼만 두고, 누르면 결제가 열립니다.', en: 'Nothing but a button in a text.' },
  },
  {
    path: '/examples/two',
    name: { ko: '한 페이지에 둘', en: 'Two on one page' },
    about: { ko: '결제가 두 개여도 서로 섞이지 않습니다.', en: 'Two checkouts that don’t mix.' },
  },
  {
    path: '/examples/dark',
    name: { ko: '어두운 페이지', en: 'A dark page' },
    about: { ko: '시스템 설정과 상관없이 어둡게.', en: 'Dark, whatever the system says.' },
  },
  {
    path: '/examples/shadow',
    name: { ko: '다른 컴포넌트 안', en: 'Inside another component' },
    about: { ko: '섀도 루트 안에서도 결제위젯이 그려집니다.', en: 'In its shadow root, with the payment widget.' },
  },
  {
    path: '/examples/strict',
    name: { ko: '엄격한 CSP', en: 'A strict policy' },
    about: { ko: 'nonce가 있는 스크립트만 실행됩니다.', en: 'Only scripts with the nonce may run.' },
  },
  {
    path: '/walk',
    name: { ko: '백엔드가 만든 세션', en: 'A session of the backend’s' },
    about: { ko: '금액과 주문을 가게가 정합니다.', en: 'The shop decides the amount and the order.' },
  },
  {
    path: '/playground',
    name: { ko: '놀이터', en: 'Playground' },
    about: { ko: '모든 속성을 바꿔 보고, 이벤트를 지켜보세요.', en: 'Every attribute, and the events as they come.' },
  },
  {
    path: '/faults',
    name: { ko: '고장 연습장', en: 'Fault drill' },
    about: { ko: '은행이 잘못될 때 무슨 일이 일어나는지.', en: 'What happens when the bank goes wrong.' },
  },
];

export function examplesPage(visit: Visit): string {
  const { texts, href, local } = visit;
  const cards = examples.map(
    ({ path, name, about }) =>
      html`<li><a class="card example" href="${href(path)}"><strong>${local(name)}</strong><span class="quiet">${local(about)}</span></a></li>`,
  );
  return pageOf(visit, {
    title: texts.examples.title,
    main: html`<div class="intro"><h1>${texts.examples.title}</h1><p>${texts.examples.intro}</p></div><ul class="shelf wide">${cards}</ul>`,
  });
}

const named = (path: string) => examples.find((each) => each.path === path) as Example;
const heading = ({ local }: Visit, path: string): Markup =>
  html`<div class="intro"><h1>${local(named(path).name)}</h1><p>${local(named(path).about)}</p></div>`;
const titleOf = ({ local }: Visit, path: string) => local(named(path).name);

/** By the last part of their path. `strict` has its nonce from who serves it. */
export const examplePages: Readonly<Record<string, (visit: Visit, nonce: string) => string>> = {
  modal(visit) {
    const blog = site('blog');
    const all: TagAttributes = { id: 'checkout', ...sold(blog, 'calendar'), presentation: 'modal' };
    const { local } = visit;
    return pageOf(visit, {
      ...{ title: titleOf(visit, '/examples/modal'), site: blog, checkout: true, scripts: ['copy', 'modal'] },
      main: article(
        visit,
        blog,
        good(blog, 'calendar'),
        html`<div class="card"><button type="button" class="button" data-open="checkout" data-testid="open">${local({ ko: '지금 구매하기', en: 'Buy now' })}</button>
<p class="quiet small">${local(named('/examples/modal').about)}</p></div>
${tag(all)}${codeBox(visit, snippet(visit, all))}`,
      ),
    });
  },

  button(visit) {
    const blog = site('blog');
    const all: TagAttributes = { ...sold(blog, 'essay'), presentation: 'button' };
    const { local } = visit;
    return pageOf(visit, {
      ...{ title: titleOf(visit, '/examples/button'), site: blog, checkout: true, scripts: ['copy'] },
      main: html`<article class="post"><h1>${local({ ko: '새벽 네 시의 오름', en: 'The hill at four in the morning' })}</h1>
<p>${local({
        ko: '해가 뜨기 전의 오름은 소리로 먼저 옵니다. 억새가 눕는 소리, 멀리서 개 한 마리가 짖는 소리, 그리고 제 숨소리. 헤드랜턴을 끄면 별이 한꺼번에 내려앉습니다.',
        en: 'Before sunrise the hill comes by its sounds: the grass lying down, a dog far away, my own breath. Switch off the lamp, and all the stars come down at once.',
      })}</p>
<p>${local({
        ko: '이달의 글은 여기까지입니다. 나머지는 전자책에 담았어요.',
        en: 'This is where the page ends. The rest is in the e-book.',
      })}</p>
<div class="narrow">${tag(all)}</div>
<p>${local({ ko: '다음 달에는 다랑쉬에서 만나요.', en: 'Next month we meet on Darangshwi.' })}</p></article>${codeBox(visit, snippet(visit, all))}`,
    });
  },

  two(visit) {
    const blog = site('blog');
    const theatre = site('theatre');
    const pair = [sold(blog, 'coffee'), sold(theatre, 'programme')];
    return pageOf(visit, {
      ...{ title: titleOf(visit, '/examples/two'), checkout: true, scripts: ['copy'] },
      main: html`${heading(visit, '/examples/two')}<div class="pair">${pair.map((all) => html`<div data-testid="checkout-${all.product as string}">${tag(all)}</div>`)}</div>
${codeBox(visit, pair.map((all) => snippet(visit, all)).join('\n'))}`,
    });
  },

  dark(visit) {
    const theatre = site('theatre');
    const all: TagAttributes = { ...sold(theatre, 'programme'), theme: 'dark', 'quantity-editable': true };
    return pageOf(visit, {
      ...{ title: titleOf(visit, '/examples/dark'), site: theatre, checkout: true, dark: true, scripts: ['copy'] },
      main: article(
        visit,
        theatre,
        good(theatre, 'programme'),
        html`${tag(all)}${codeBox(visit, snippet(visit, all))}`,
      ),
    });
  },

  shadow(visit) {
    const souvenirs = site('souvenirs');
    const { merchant, product } = sold(souvenirs, 'magnet');
    const code = `<oreum-card merchant="${merchant}" product="${product}"></oreum-card>`;
    return pageOf(visit, {
      ...{ title: titleOf(visit, '/examples/shadow'), site: souvenirs, checkout: true, scripts: ['copy', 'shadow'] },
      main: article(
        visit,
        souvenirs,
        good(souvenirs, 'magnet'),
        html`<oreum-card merchant="${merchant as string}" product="${product as string}"></oreum-card>${codeBox(visit, code)}`,
      ),
    });
  },

  strict(visit, nonce) {
    const blog = site('blog');
    const all: TagAttributes = { ...sold(blog, 'coffee'), 'script-nonce': nonce };
    return pageOf(visit, {
      ...{ title: titleOf(visit, '/examples/strict'), site: blog, checkout: true, nonce, scripts: ['copy'] },
      main: article(
        visit,
        blog,
        good(blog, 'coffee'),
        html`${tag(all)}${codeBox(visit, snippet(visit, { ...all, 'script-nonce': '…' }, { nonce: '…' }))}`,
      ),
    });
  },
};

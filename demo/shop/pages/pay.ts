import { pageOf } from '../layout.js';
import { html } from '../markup.js';
import type { Visit } from '../visit.js';

/** A payment link: `/pay#session=cs_…&secret=…`. Its script puts the tag into the page, with what only the browser knows. */
export const payPage = (visit: Visit): string =>
  pageOf(visit, {
    ...{ title: visit.texts.pay.title, checkout: true, scripts: ['pay'] },
    main: html`<div class="intro"><h1>${visit.texts.pay.title}</h1><p>${visit.texts.pay.intro}</p></div>
<div id="place" class="narrow"><p class="card" data-testid="no-link">${visit.texts.pay.open}</p></div>`,
  });

import { attributes, html } from '../../shop/markup.js';
import { pageOf } from '../layout.js';
import type { Visit } from '../visit.js';
import type { Seller } from './item.js';

/** All that the signed-in user paid, in the tag that shows it. */
export function paymentsPage(visit: Visit, { publishableKey, customerToken }: Seller, changes: number): string {
  const { texts } = visit;
  return pageOf(visit, {
    ...{ title: texts.payments.title, current: 'payments', tags: true, scripts: ['live'], live: changes },
    main: html`<div class="intro"><h1>${texts.payments.title}</h1><p>${texts.payments.intro}</p></div>
<pay-history${attributes({ merchant: publishableKey, 'customer-token': customerToken })}></pay-history>`,
  });
}

import { html } from '../../shop/markup.js';
import { people } from '../accounts/people.js';
import { pageOf } from '../layout.js';
import type { Visit } from '../visit.js';

/** `to`: a path of this shop. `wanted`: it was asked for by who was not signed in. */
export function signInPage(visit: Visit, to: string, wanted: boolean): string {
  const { texts, href, local } = visit;
  const buttons = people.map(
    ({ id, name }) =>
      html`<button class="button" name="person" value="${id}" data-testid="sign-in-${id}">${texts.signIn.as(local(name))}</button>`,
  );
  return pageOf(visit, {
    title: texts.signIn.title,
    main: html`<form class="result card" method="post" action="${href('/sign-in')}">
<h1>${texts.signIn.title}</h1><p class="quiet">${wanted ? texts.signIn.needed : texts.signIn.intro}</p>
<input type="hidden" name="to" value="${to}"><p class="buttons">${buttons}</p></form>`,
  });
}

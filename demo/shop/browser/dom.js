export const config = JSON.parse(document.getElementById('config').textContent);

const content = document.getElementById('content');

/** An element; properties as the DOM names them, `data` and `aria` as objects. Text is never read as HTML. */
export function h(tag, properties = {}, ...children) {
  const { data, aria, ...rest } = properties;
  const made = Object.assign(document.createElement(tag), rest);
  Object.assign(made.dataset, data);
  for (const [name, value] of Object.entries(aria ?? {})) made.setAttribute(`aria-${name}`, value);
  made.append(...children.flat().filter((child) => child !== undefined && child !== false));
  return made;
}

const svg = 'http://www.w3.org/2000/svg';

/** A picture of the sprite; decoration only. */
export function picture(name) {
  const image = document.createElementNS(svg, 'svg');
  image.setAttribute('aria-hidden', 'true');
  image.setAttribute('viewBox', '0 0 96 96');
  const use = document.createElementNS(svg, 'use');
  use.setAttribute('href', `/assets/art.svg#${name}`);
  image.append(use);
  return h('div', { className: 'picture' }, image);
}

/** Shows another view. Its heading is focused, so that it is read out and keyboards go on from there. */
export function show(view, ...nodes) {
  document.body.dataset.showing = view;
  content.replaceChildren(...nodes);
  const heading = content.querySelector('h2');
  if (view === 'shelf' || !heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

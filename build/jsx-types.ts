import type { DescribedAttribute, Element } from './manifest.js';
import { attributesOf } from './manifest.js';

const head = '// Made from the custom elements manifest.\n';

const classes = (elements: readonly Element[]) =>
  `import type { ${elements.map(({ name }) => name).join(', ')} } from './types/widget/index.js';\n`;

const comment = (text: string) => `/** ${text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim()} */`;

const fieldType = ({ name }: Element, { field }: DescribedAttribute) => `${name}['${field}']`;

/** Attributes by their names, each with the type of the property behind it, and by the property's name where that is another. */
function attributes(element: Element): readonly string[] {
  return attributesOf(element).flatMap((attribute) =>
    [...new Set([attribute.name, attribute.field])].flatMap((name) => [
      comment(attribute.description),
      `'${name}'?: ${fieldType(element, attribute)} | undefined;`,
    ]),
  );
}

/** `on` and the event's name, as React and Preact listen for events of custom elements. */
const listeners = (element: Element): readonly string[] =>
  (element.events ?? []).flatMap((event) => [
    comment(event.description ?? ''),
    `'on${event.name}'?: ((event: HTMLElementEventMap['${event.name}']) => void) | undefined;`,
  ]);

const block = (lines: readonly string[], indent: string) => lines.map((line) => indent + line).join('\n');

/** The elements in JSX, for one library. */
function jsxTypes(elements: readonly Element[], library: string, ownProps: (element: Element) => string): string {
  const entries = elements.map(
    (element) => `      '${element.tagName}': ${ownProps(element)} & {
${block([...attributes(element), ...listeners(element)], '        ')}
      };`,
  );
  return `${head}${classes(elements)}
declare module '${library}' {
  namespace JSX {
    interface IntrinsicElements {
${entries.join('\n')}
    }
  }
}
`;
}

/** React 19, which sets properties of custom elements and listens for their events. */
export const reactTypes = (elements: readonly Element[]): string =>
  jsxTypes(
    elements,
    'react',
    ({ name }) => `import('react').DetailedHTMLProps<import('react').HTMLAttributes<${name}>, ${name}>`,
  );

export const preactTypes = (elements: readonly Element[]): string =>
  jsxTypes(elements, 'preact', ({ name }) => `import('preact').JSX.HTMLAttributes<${name}>`);

/** Vue's templates: `isCustomElement` has to name the tags, see docs/embedding.md. */
export function vueTypes(elements: readonly Element[]): string {
  const entries = elements.map(
    (element) => `    '${element.tagName}': import('vue').DefineComponent<{
${block(attributes(element), '      ')}
    }>;`,
  );
  return `${head}${classes(elements)}
declare module 'vue' {
  interface GlobalComponents {
${entries.join('\n')}
  }
}
`;
}

import { type Plugin, parseSync } from 'vite';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}
interface Template extends Node {
  readonly tag: { readonly name?: string };
  readonly quasi: Node & { readonly quasis: readonly Node[] };
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
const isTemplate = (node: Node): node is Template => node.type === 'TaggedTemplateExpression';

function* nodesIn(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* nodesIn(child);
}

/** Stands for an expression while a template is one text. */
const hole = '\0';

/** As in JSX: a line break beside a tag is nothing, one within a tag or a text is a space. Spaces within a line stay. */
const tightHtml = (text: string) =>
  text.replace(/^\s*\n\s*|\s*\n\s*$|(?<=>)\s*\n\s*|\s*\n\s*(?=<)/g, '').replace(/\s*\n\s*/g, ' ');

const tightCss = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replaceAll(': ', ':')
    .replaceAll(';}', '}')
    .trim();

const kinds: Readonly<Record<string, (text: string) => string>> = { html: tightHtml, svg: tightHtml, css: tightCss };

/** A module without the white space that only its authors need in Lit's templates. What is not such a template stays as it is. */
export function tighten(code: string): string {
  const parts: { start: number; end: number; text: string }[] = [];
  for (const node of nodesIn(parseSync('module.js', code).program as Node)) {
    const tight = isTemplate(node) && kinds[node.tag.name ?? ''];
    if (!tight) continue;
    const { quasis } = node.quasi;
    const texts = tight(quasis.map(({ start, end }) => code.slice(start, end)).join(hole)).split(hole);
    // The line breaks go into the code behind, where the minifier drops them: source maps stay right.
    parts.push(
      ...quasis.map((quasi, at) => {
        const breaks = '\n'.repeat(code.slice(quasi.start, quasi.end).split('\n').length - 1);
        const closing = at === quasis.length - 1 ? '`' : '${';
        return { start: quasi.start, end: quasi.end + closing.length, text: (texts[at] ?? '') + closing + breaks };
      }),
    );
  }
  parts.sort((one, other) => one.start - other.start);
  let tightened = '';
  let done = 0;
  for (const { start, end, text } of parts) {
    tightened += code.slice(done, start) + text;
    done = end;
  }
  return tightened + code.slice(done);
}

/** For builds that are minified. */
export const tightTemplates = (): Plugin => ({
  name: 'tight-templates',
  enforce: 'post',
  transform(code, id) {
    return /\/widget\/.*\.ts$/.test(id) ? { code: tighten(code), map: null } : undefined;
  },
});

import { fileURLToPath } from 'node:url';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';
import type {
  Attribute,
  ClassField,
  ClassMethod,
  CustomElement,
  CustomElementDeclaration,
  Declaration,
  Package,
} from 'custom-elements-manifest/schema.js';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What the elements' doc comments say, as a custom elements manifest. Reads sources, writes nothing. */
export async function readManifest(directory = root): Promise<Package> {
  const globs = ['widget/pay-checkout/**/*.ts', 'widget/pay-history/**/*.ts', 'widget/index.ts'].flatMap((glob) => [
    '--globs',
    glob,
  ]);
  const manifest = await cli({
    argv: ['analyze', '--litelement', '--quiet', ...globs],
    cwd: directory,
    noWrite: true,
  });
  const modules = manifest.modules.map((module) => ({
    ...module,
    path: published(module.path),
    ...(module.declarations && {
      declarations: module.declarations.map((declaration) => withPropertyTexts(withHyphens(declaration))),
    }),
  }));
  return { ...manifest, modules };
}

/** `widget/pay-checkout/pay-checkout.ts` is `pay-checkout/pay-checkout.js` in the npm package. */
const published = (path: string) => path.replace(/^widget\//, '').replace(/\.ts$/, '.js');

export type Element = CustomElementDeclaration & CustomElement & { tagName: string };
export type Member = ClassField | ClassMethod;

/** The elements, with what is theirs to use: no private, protected, static or inherited members. */
export function elementsOf(manifest: Package): readonly Element[] {
  return manifest.modules
    .flatMap((module) => module.declarations ?? [])
    .filter((declaration) => declaration.kind === 'class')
    .filter((declaration): declaration is Element => 'tagName' in declaration)
    .map((element) => ({ ...element, members: (element.members ?? []).filter(isPublic) }));
}

const isPublic = (member: Member): boolean =>
  (member.privacy ?? 'public') === 'public' && !member.static && !member.inheritedFrom && !/^[#_]/.test(member.name);

export const fieldOf = (element: Element, attribute: Attribute): ClassField | undefined =>
  element.members?.find(
    (member): member is ClassField => member.kind === 'field' && member.name === attribute.fieldName,
  );

/** The analyzer takes a property's name for that of its attribute; `widget/element.ts` puts hyphens into it. */
function withHyphens(declaration: Declaration): Declaration {
  if (!('attributes' in declaration)) return declaration;
  const attributes = new Map<string, Attribute>();
  for (const each of declaration.attributes ?? []) {
    const name = each.name.replace(/[A-Z]/g, '-$&').toLowerCase();
    attributes.set(name, { ...attributes.get(name), ...each, name });
  }
  return { ...declaration, attributes: [...attributes.values()] };
}

/** An attribute and its property are described once: each says what the other says, where it says nothing itself. */
function withPropertyTexts(declaration: Declaration): Declaration {
  if (!('attributes' in declaration) || !('members' in declaration)) return declaration;
  const { attributes = [], members = [] } = declaration;
  const text = (of: { readonly description?: string } | undefined) =>
    of?.description === undefined ? {} : { description: of.description };
  return {
    ...declaration,
    attributes: attributes.map((attribute) => ({
      ...text(members.find(({ name }) => name === attribute.fieldName)),
      ...attribute,
    })),
    members: members.map((member) => ({
      ...text(attributes.find(({ fieldName }) => fieldName === member.name)),
      ...member,
    })),
  };
}

/** Everything a page may use that nobody described: `pay-checkout: attribute theme`. */
export function undescribed(elements: readonly Element[]): readonly string[] {
  return elements.flatMap((element) => {
    const kinds: readonly [kind: string, entries: readonly { name: string; description?: string }[]][] = [
      ['attribute', element.attributes ?? []],
      [
        'event with its type',
        (element.events ?? []).map(({ name, type, description = '' }) => ({
          name,
          description: type?.text ? description : '',
        })),
      ],
      ['slot', element.slots ?? []],
      ['part', element.cssParts ?? []],
      ['CSS property', element.cssProperties ?? []],
      ['member', element.members ?? []],
    ];
    const missing = kinds.flatMap(([kind, entries]) =>
      entries
        .filter(({ description }) => !description?.trim())
        .map(({ name }) => `${element.tagName}: ${kind} ${name}`),
    );
    return element.description?.trim() ? missing : [`${element.tagName}: itself`, ...missing];
  });
}

/** An attribute as docs and types want it. */
export interface DescribedAttribute {
  readonly name: string;
  /** The property behind it. */
  readonly field: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

export const attributesOf = (element: Element): readonly DescribedAttribute[] =>
  (element.attributes ?? []).map((attribute) => ({
    name: attribute.name,
    field: attribute.fieldName ?? attribute.name,
    type: (attribute.type ?? fieldOf(element, attribute)?.type)?.text ?? '',
    fallback: attribute.default ?? fieldOf(element, attribute)?.default ?? '',
    description: attribute.description ?? '',
  }));

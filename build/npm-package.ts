import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { preactTypes, reactTypes, vueTypes } from './jsx-types.js';
import type { Element } from './manifest.js';
import { elementsOf, readManifest, root } from './manifest.js';

/**
 * The package for bundlers: modules, types, manifest, and a package.json that asks for Lit alone. The types are those that `tsc -b widget`
 * has written to `dist`.
 */
export async function buildNpmPackage(folder = join(root, 'dist/npm')): Promise<void> {
  await build({ root, mode: 'npm', logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  const manifest = await readManifest();
  const elements = elementsOf(manifest);
  for (const part of ['widget', 'contract']) {
    const source = join(root, 'dist', part);
    cpSync(source, join(folder, 'types', part), {
      recursive: true,
      filter: (path) => !/\.(js|map|tsbuildinfo)$/.test(path),
    });
  }
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('custom-elements.json', `${JSON.stringify(manifest, null, 2)}\n`);
  // Whoever imports it for its effect wants to have the tag in `HTMLElementTagNameMap` too.
  for (const name of ['define', 'define-history'])
    write(`${name}.d.ts`, "import './types/widget/index.js';\n\nexport {};\n");
  write('react.d.ts', reactTypes(elements));
  write('preact.d.ts', preactTypes(elements));
  write('vue.d.ts', vueTypes(elements));
  write('package.json', `${JSON.stringify(packageJson(elements), null, 2)}\n`);
  write('README.md', readme(elements));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}

interface RootPackage {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const rootPackage = (): RootPackage =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as RootPackage;

function packageJson(elements: readonly Element[]): object {
  const { name, version, description, license, devDependencies } = rootPackage();
  const registering = (file: string) => {
    const found = { types: `./${file}.d.ts`, default: `./${file}.js` };
    return { [`./${file}`]: found, [`./${file}.js`]: found };
  };
  const types = (file: string) => ({ types: `./${file}.d.ts` });
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    keywords: [
      'payment',
      'checkout',
      'toss payments',
      'portone',
      'custom element',
      ...elements.map((each) => each.tagName),
    ],
    sideEffects: ['./define.js', './define-history.js'],
    types: './types/widget/index.d.ts',
    exports: {
      '.': { types: './types/widget/index.d.ts', default: './index.js' },
      ...registering('define'),
      ...registering('define-history'),
      './react': types('react'),
      './preact': types('preact'),
      './vue': types('vue'),
      './custom-elements.json': './custom-elements.json',
      './package.json': './package.json',
    },
    customElements: 'custom-elements.json',
    dependencies: { lit: `^${devDependencies.lit}` },
  };
}

const readme = (elements: readonly Element[]): string => {
  const { name, description } = rootPackage();
  const tags = elements.map((element) => `- \`<${element.tagName}>\`: ${element.summary ?? element.description ?? ''}`);
  return `# ${name}

${description}. This package is the element; it talks to a pay-checkout server of yours.

\`\`\`js
import '${name}/define';
\`\`\`

\`\`\`html
<pay-checkout server="https://pay.example.com" merchant="pk_…" product="coffee"></pay-checkout>
\`\`\`

${tags.join('\n')}

\`${name}/define\` registers all of them; what a page does not use is not loaded. Importing it does nothing on a server. Types for JSX: \`import type {} from '${name}/react'\`, or \`/preact\`, \`/vue\`.
`;
};

import { defineConfig, type Plugin } from 'vite';
import { loaders } from './build/loaders.js';
import { tightTemplates } from './build/tight-templates.js';

const classicLoaders = (): Plugin => ({
  name: 'classic-loaders',
  generateBundle(_options, bundle) {
    const core = Object.values(bundle).find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
    if (!core) throw new Error('no entry chunk');
    for (const [fileName, source] of Object.entries(loaders(core.fileName)))
      this.emitFile({ type: 'asset', fileName, source });
  },
});

/**
 * vite build                → dist/script/  pay-checkout.js and pay-history.js (classic, some 100 bytes), core-<hash>.js (Lit inside), lazy chunks
 * vite build --mode single  → dist/script/pay-checkout.single.js: all of it in one classic script, for sites that pin it by its hash
 * vite build --mode npm     → dist/npm/     modules for bundlers, Lit left outside
 */
export default defineConfig(({ mode }) => {
  const shared = { target: 'es2022', emptyOutDir: mode !== 'single', sourcemap: true } as const;
  if (mode === 'npm')
    return {
      publicDir: false,
      build: {
        ...shared,
        outDir: 'dist/npm',
        minify: false,
        lib: {
          entry: { index: 'widget/index.ts', define: 'widget/define.ts', 'define-history': 'widget/define-history.ts' },
          formats: ['es'],
        },
        rolldownOptions: {
          external: [/^lit(\/|$)/],
          output: { preserveModules: true, preserveModulesRoot: 'widget' },
        },
      },
    };
  if (mode === 'single')
    return {
      publicDir: false,
      // A classic script has none: it knows its address by its tag.
      define: { 'import.meta.url': 'undefined' },
      plugins: [tightTemplates()],
      build: {
        ...shared,
        outDir: 'dist/script',
        minify: true,
        lib: {
          entry: 'widget/single.ts',
          formats: ['iife'],
          name: 'PayCheckout',
          fileName: () => 'pay-checkout.single.js',
        },
      },
    };
  return {
    publicDir: false,
    plugins: [classicLoaders(), tightTemplates()],
    build: {
      ...shared,
      // Our server names the map in a header: a comment in each chunk is bytes that every shopper loads.
      sourcemap: 'hidden',
      outDir: 'dist/script',
      minify: true,
      lib: { entry: { core: 'widget/script.ts' }, formats: ['es'] },
      rolldownOptions: {
        // Keeps Lit in the core: one request less before anything shows.
        preserveEntrySignatures: 'allow-extension',
        output: {
          entryFileNames: '[name]-[hash].js',
          chunkFileNames: '[name]-[hash].js',
          minify: true,
          comments: false,
        },
      },
    },
  };
});

import process from 'node:process';
import { build } from 'vite';
import { root } from './manifest.js';
import { buildNpmPackage } from './npm-package.js';

// Needs the declarations that `tsc -b` makes. The single file joins the others, so it comes after them.
for (const mode of ['production', 'single']) await build({ root, mode, logLevel: 'warn' });
await buildNpmPackage();
process.stdout.write('built: dist/script (the tag), dist/npm (the package)\n');

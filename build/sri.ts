import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './manifest.js';
import { rootPackage } from './npm-package.js';

/** Prints the tag of the single file, pinned by its hash. */
const file = join(root, 'dist/script/pay-checkout.single.js');
if (!existsSync(file)) {
  process.stderr.write('There is no dist/script/pay-checkout.single.js yet: run "npm run build".\n');
  process.exit(1);
}
const hash = createHash('sha384').update(readFileSync(file)).digest('base64');
const { version } = rootPackage();
process.stdout.write(`Copy dist/script/pay-checkout.single.js to your site as pay-checkout-${version}.js, and load it with

<script async src="/pay-checkout-${version}.js" integrity="sha384-${hash}" crossorigin="anonymous"></script>
<pay-checkout server="https://pay.example.com" merchant="pk_…" product="…"></pay-checkout>
`);

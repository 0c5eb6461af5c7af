import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openEmbedded } from '../../../server/store/embedded.js';
import { storeConformance } from './conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

storeConformance('embedded', async () => {
  const file = join(folder, `${++files}.db`);
  return { open: (definitions) => openEmbedded({ file, definitions }) };
});

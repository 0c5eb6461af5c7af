import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

// `npm test`: vitest, and the elements in a real browser; both run, whatever comes of the first. Words behind `--` are vitest's, and one
// that picks tests (`npm test -- refunds`) leaves the elements out. With TEST_REPORTS a folder, each runner writes its counts there.

const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const reports = process.env.TEST_REPORTS;

function run(bin: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(join(root, 'node_modules/.bin', bin), args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  return status === 0;
}

const toFile = reports
  ? ['--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, 'vitest.json')}`]
  : [];
const isWhole = words.every((word) => word.startsWith('-'));
const results = [run('vitest', ['run', ...toFile, ...words]), !isWhole || run('wtr', [])];
if (results.includes(false)) process.exitCode = 1;

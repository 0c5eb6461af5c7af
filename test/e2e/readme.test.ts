import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoFolder, removeFolder, type Started, startDemo } from './demo-process.js';

/** A command block of the walk-through, with what the README says that it prints. */
interface Step {
  readonly commands: string;
  readonly output?: string;
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

function steps(): Step[] {
  const found: Step[] = [];
  for (const [, kind, text = ''] of readme.matchAll(/^```(sh walk|text output)\n([\s\S]*?)^```$/gm)) {
    const last = found.at(-1);
    if (kind === 'sh walk') found.push({ commands: text });
    else if (last) found[found.length - 1] = { ...last, output: text };
  }
  return found;
}

/** What differs from run to run, alike: ids, references, ports. */
const alike = (text: string) =>
  text
    .replace(/\b(pay|cs)_[0-9A-Z]{26}/g, '$1_ID')
    .replace(/order-\d+/g, 'order-NUMBER')
    .replace(/localhost:\d+/g, 'localhost:PORT')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '…');

/** The lines of `printed` that `wanted` asks for next, one after the other. */
function inOrderOf(wanted: readonly string[], printed: readonly string[]): string[] {
  let next = 0;
  return printed.filter((line) => {
    const hit = line === wanted[next];
    if (hit) next += 1;
    return hit;
  });
}

let demo: Started;
beforeAll(async () => {
  demo = await startDemo(await demoFolder());
});
afterAll(async () => {
  await demo?.stop();
  if (demo) await removeFolder(demo.directory);
});

const separator = '--- step ---';

/** All steps in one bash, as a reader types them; each one's output. Only the ports are other ones. */
async function run(commands: readonly string[]): Promise<string[]> {
  const script = ['set -euo pipefail', ...commands.flatMap((each) => [each, `echo '${separator}'`])]
    .join('\n')
    .replaceAll('localhost:4000', new URL(demo.shop).host)
    .replaceAll('localhost:4001', new URL(demo.server).host)
    .replaceAll('localhost:4002', new URL(demo.sandbox).host);
  const bash = spawn('bash', ['-s'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  bash.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  bash.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  bash.stdin.end(script);
  const code = await new Promise((resolve) => bash.once('close', resolve));
  expect(`${code} ${errors}`, output).toBe('0 ');
  return output.split(`${separator}\n`).slice(0, -1);
}

test("the README's walk-through does what the README says", async () => {
  const all = steps();
  expect(all.length).toBeGreaterThanOrEqual(17);
  expect(all.filter(({ output }) => output !== undefined).length).toBeGreaterThanOrEqual(15);
  const outputs = await run(all.map(({ commands }) => commands));
  all.forEach(({ commands, output }, index) => {
    if (output === undefined) return;
    const printed = alike(outputs[index] ?? '');
    const promised = alike(output);
    // Where the README leaves lines out, those that it has must come in its order.
    const kept = /^ *…$/m.test(output) ? inOrderOf(promised, printed) : printed;
    expect(kept, commands).toEqual(promised);
  });
}, 120_000);

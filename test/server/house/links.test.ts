import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const documents = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true }).map((file) => `docs/${file}`)]
  .filter((file) => file.endsWith('.md'))
  .sort();

const withoutCode = (text: string) => text.replace(/^(```+)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');

/** Anchors as GitHub makes them of headings. */
function anchorsOf(file: string): Set<string> {
  const text = readFileSync(file, 'utf8').replace(/^(```+)[\s\S]*?^\1/gm, '');
  const seen = new Map<string, number>();
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set(headings);
}

/** Links inside of the repository that lead nowhere. */
function deadLinks(file: string): string[] {
  const text = withoutCode(readFileSync(join(root, file), 'utf8'));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const place = path === '' ? join(root, file) : join(root, dirname(file), path);
    if (!existsSync(place) || relative(root, place).startsWith('..')) return true;
    return anchor !== undefined && place.endsWith('.md') && !anchorsOf(place).has(decodeURIComponent(anchor));
  });
}

test.each(documents)('every link of %s leads somewhere', (file) => {
  expect(deadLinks(file)).toEqual([]);
});

const pairs = documents.filter((file) => file.endsWith('.ko.md')).map((file) => [file.replace('.ko.md', '.md'), file]);

test.each(pairs)('%s and %s have the same outline', (english, korean) => {
  const outlineOf = (file = '') =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^(#+) /gm)].map(([, depth]) => depth);
  expect(outlineOf(korean)).toEqual(outlineOf(english));
});

test('the set-up guides of all providers have one outline', () => {
  const outlineOf = (file: string) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^## (\d+)\./gm)].map(([, no]) => no);
  const guides = documents.filter((file) => /^docs\/providers\/(?!moving)/.test(file));
  for (const file of guides) expect(outlineOf(file), file).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
});

test('each decision has a number of its own, in its title too', () => {
  const decisions = documents.filter((file) => file.startsWith('docs/decisions/'));
  const titles = decisions.map((file) => Number(/^# (\d+)\. /.exec(readFileSync(join(root, file), 'utf8'))?.[1]));
  expect(decisions.map((file) => Number(/(\d{4})-[^/]*$/.exec(file)?.[1]))).toEqual(titles);
  expect(titles).toEqual(titles.map((_, index) => index + 1));
});

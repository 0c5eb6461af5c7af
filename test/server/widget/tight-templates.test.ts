import { describe, expect, it } from 'vitest';
import { tighten } from '../../../build/tight-templates.js';

/** Without the line breaks that moved into the code between the texts. */
const tight = (code: string) => tighten(code).replaceAll('\n', '');

describe('templates in the built script', () => {
  it('lose the line breaks between tags, and keep the spaces that a shopper sees', () => {
    const code = 'html`\n  <p>\n    <b>one</b> <i>two</i>\n    three\n    four\n  </p>\n`';
    expect(tight(code)).toBe('html`<p><b>one</b> <i>two</i>three four</p>`');
  });

  it('keep attributes apart, with expressions between them', () => {
    const code = `html\`<a\n  x=\${1}\n  y="2"\n  @z=\${3}></a>\``;
    expect(tight(code)).toBe(`html\`<a x=\${1} y="2" @z=\${3}></a>\``);
  });

  it('are tightened within each other, also behind letters of many bytes', () => {
    const code = `f('한글 −', html\`\n <p>\n \${a ? html\`\n <b>\n 한</b>\` : ''}\n </p>\`)`;
    expect(tight(code)).toBe(`f('한글 −', html\`<p>\${a ? html\`<b>한</b>\` : ''}</p>\`)`);
  });

  it('keep what a style sheet needs', () => {
    const code = `css\`
      .a :hover, .a > b { margin: 0 auto; inset: calc(1px + 2px); }
      @media (width > 3px) { a { \${dark} } }
    \``;
    expect(tight(code)).toBe(
      `css\`.a :hover,.a>b{margin:0 auto;inset:calc(1px + 2px)}@media (width>3px){a{\${dark}}}\``,
    );
  });

  it('stay on their lines for source maps; other templates stay as they are', () => {
    const code = `const a = \`\n <p>\n\`;\nconst b = html\`\n <p>\n \${a}\n </p>\`;\nconst c = 1;`;
    const made = tighten(code);
    const lineOfC = (text: string) => text.split('\n').findIndex((line) => line.includes('const c'));
    expect(made).toContain('const a = `\n <p>\n`;');
    expect(lineOfC(made)).toBe(lineOfC(code));
  });
});

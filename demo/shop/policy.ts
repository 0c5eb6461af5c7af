import type { Places } from './visit.js';

/** The content security policy of the shop: its own scripts, the tag's server, and the providers, which here are the sandbox. */
export const policyOf = ({ server, sandbox }: Pick<Places, 'server' | 'sandbox'>, pictures = "'self'"): string =>
  lines(
    {
      'script-src': `'self' ${server} ${sandbox}`,
      'connect-src': `'self' ${server} ${sandbox}`,
      'form-action': "'self'",
    },
    sandbox,
    pictures,
  );

/** As `docs/embedding.md` has it for a nonce: no address may load a script, only what carries the nonce. */
export const strictPolicyOf = ({ server, sandbox }: Places, nonce: string): string =>
  lines(
    { 'script-src': `'nonce-${nonce}'`, 'connect-src': `${server} ${sandbox}`, 'form-action': "'none'" },
    sandbox,
    "'self'",
  );

const lines = (more: Readonly<Record<string, string>>, sandbox: string, pictures: string): string =>
  Object.entries({
    'default-src': "'none'",
    ...more,
    'style-src': "'self'",
    'img-src': pictures,
    'frame-src': sandbox,
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
  })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

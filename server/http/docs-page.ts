import { createHash } from 'node:crypto';
import type { ErrorCode } from '../../contract/index.js';
import { errorCodes } from '../../contract/index.js';
import { callerNames } from './caller.js';
import { kindsOf, type Route } from './route.js';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #ddd}
code{font-family:ui-monospace,monospace;font-size:.9em}tr:target{background:#fff3c4}
@media(max-width:64rem){table{display:block;overflow-x:auto}}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}tr:target{background:#554500}a{color:#8ab4ff}}`;

function operationRow(prefix: string, route: Route): string {
  const named = kindsOf(route).map((kind) => callerNames[kind]);
  const callers = { anyone: 'anyone', provider: 'the payment provider' }[String(route.callers)] ?? named.join(', ');
  const replies = Object.entries(route.responses).map(([status, { description }]) => `${status} ${description}`);
  return `<tr><td><code>${route.method.toUpperCase()}&nbsp;${escaped(prefix + route.path)}</code></td><td>${escaped(route.summary)}${
    route.idempotencyKey === 'required' ? ' <em>Needs an Idempotency-Key.</em>' : ''
  }</td><td>${escaped(callers)}</td><td>${replies.map(escaped).join('<br>')}</td></tr>`;
}

function errorRow([code, { status, title }]: [string, { status: number; title: string }]): string {
  return `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escaped(title)}</td></tr>`;
}

/** The Content-Security-Policy of the page: its own style, nothing else. */
export const docsPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A page that lists the operations and the errors, whose `type` leads to it. Self-contained. */
export function docsPage(routes: readonly Route[], prefix = '/api/v1'): string {
  const errors = Object.entries(errorCodes) as [ErrorCode, { status: number; title: string }][];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>pay-checkout API</title><style>${style}</style></head>
<body><h1>pay-checkout API</h1>
<p>The full description is <a href="openapi.json">openapi.json</a>. Send <code>Authorization: Bearer …</code>; bodies are JSON, money is in minor units.</p>
<h2>Operations</h2><table><thead><tr><th>Request</th><th>What it does</th><th>Who may call</th><th>Answers</th></tr></thead><tbody>
${routes.map((each) => operationRow(prefix, each)).join('\n')}
</tbody></table>
<h2>Errors</h2><p>Errors are <code>application/problem+json</code> with a stable <code>code</code>.</p>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>
${errors.map(errorRow).join('\n')}
</tbody></table></body></html>
`;
}

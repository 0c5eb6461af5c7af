import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { findBrowser } from './test/support/browser.mjs';

// The elements in a real Chromium: `npm test` runs them after everything else. With TEST_REPORTS a folder, their counts go there.

const { executablePath, args, env } = await findBrowser();

/** Chrome's own protocol, for what no command of the runner does: forced colours, a page that does not see its network. */
const sessions = new WeakMap();
const chromeProtocol = {
  name: 'chrome-protocol',
  async executeCommand({ command, payload, session }) {
    if (command !== 'chrome') return undefined;
    const page = session.browser.getPage(session.id);
    if (!sessions.has(page)) sessions.set(page, await page.createCDPSession());
    return { result: await sessions.get(page).send(payload.method, payload.params) };
  },
};

/** Errors that come before the framework is there, or between tests, are kept for `support/page.ts`: alone the runner only prints them. */
const collectErrors = `
  window.errorsOutside = [];
  addEventListener('error', (event) => errorsOutside.push(event.error?.stack ?? event.message));
  addEventListener('unhandledrejection', (event) => errorsOutside.push(event.reason?.stack ?? String(event.reason)));
`;

const testsOf = (suite) => (suite ? [...suite.tests, ...suite.suites.flatMap(testsOf)] : []);

const counting = {
  onTestRunFinished({ sessions }) {
    if (!process.env.TEST_REPORTS) return;
    const tests = sessions.flatMap(({ testResults }) => testsOf(testResults));
    const counts = {
      passed: tests.filter(({ passed }) => passed).length,
      failed: tests.filter(({ passed, skipped }) => !passed && !skipped).length,
      skipped: tests.filter(({ skipped }) => skipped).length,
    };
    writeFileSync(join(process.env.TEST_REPORTS, 'elements.json'), JSON.stringify(counts));
  },
};

export default {
  files: ['test/widget/**/*.test.ts'],
  nodeResolve: { exportConditions: ['browser', 'production'] },
  // One page has the focus of a window.
  concurrency: 1,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 300_000,
  testFramework: { config: { timeout: 30_000 } },
  testRunnerHtml: (framework) => `<!doctype html>
    <html lang="ko">
      <head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" /><title>Tests</title></head>
      <body><script>${collectErrors}</script><script type="module" src="${framework}"></script></body>
    </html>`,
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('./widget/tsconfig.json', import.meta.url)),
    }),
    chromeProtocol,
  ],
  reporters: [defaultReporter(), counting],
  browsers: [chromeLauncher({ launchOptions: { executablePath, args, env, headless: true } })],
};

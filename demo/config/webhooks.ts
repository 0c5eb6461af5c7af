import { demoAccount } from '../sandbox/portone-v1/accounts.js';
import { demoStore } from '../sandbox/portone-v2/stores.js';
import { demoKeys } from './keys.js';
import { DemoError } from './settings.js';

/** What a site owner does in the providers' consoles: tells them where their webhooks go. `server` and `sandbox`: on this machine. */
export async function registerWebhooks({ server, sandbox }: { server: string; sandbox: string }): Promise<void> {
  const url = (provider: string, merchant: string) => `${server}/api/v1/webhooks/${provider}/${merchant}`;
  const console = async (path: string, body: object) => {
    const answer = await fetch(`${sandbox}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new DemoError(`The sandbox did not take the webhook address for ${path} (${answer.status}).`);
  };
  for (const merchant of ['blog', 'souvenirs'] as const) {
    await console('toss/webhook', { clientKey: demoKeys[merchant].tossClient, url: url('toss', merchant) });
  }
  await console('portone-v2/stores', { storeId: demoStore.storeId, webhookUrl: url('portone-v2', 'theatre') });
  const { userCode } = demoAccount;
  await console('portone-v1/accounts', { userCode, webhookUrl: url('portone-v1', 'items') });
}

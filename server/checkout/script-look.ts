/** Longer than a browser should have to wait for it. */
const patienceMs = 5_000;

/** `served`, or not; `unclear`: no answer, which may be our own network's fault. */
export type Look = 'served' | 'not_served' | 'unclear';

/** Asks for a provider's browser script as a browser would. Never rejects. */
export async function lookAtScript(url: string): Promise<Look> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    await response.body?.cancel();
    const isPage = response.headers.get('content-type')?.includes('text/html');
    return response.ok && !isPage ? 'served' : 'not_served';
  } catch {
    return 'unclear';
  }
}

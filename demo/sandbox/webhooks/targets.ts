/** This machine only: a sandbox that could be told to call any address would be a tool for attacks. Redirects are not followed either. */
export function isLoopback(url: unknown): url is string {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  // The parser has already made 127.1, 0x7f000001 and the like one form.
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

import { config } from './dom.js';

/** An answer that is an error: the problem document's `code`, or `network` where there was no answer. */
export class Problem extends Error {
  constructor({ code, status = 0, detail, retryAfter }) {
    super(detail ?? code);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The same request may well succeed in a moment. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** One request to the server's API. → `{ status, body, retryAfter }`, retryAfter in seconds. Throws `Problem`. */
export async function call(method, path, { token, body, headers, keepalive, signal } = {}) {
  let response;
  let answer;
  try {
    response = await fetch(`${config.server}/api/v1${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(keepalive && { keepalive }),
      ...(signal && { signal }),
    });
    answer = response.status === 204 ? undefined : await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem({ code: 'network' });
  }
  const retryAfter = Number(response.headers.get('retry-after')) || undefined;
  if (!response.ok) throw new Problem({ ...answer, retryAfter });
  return { status: response.status, body: answer, retryAfter };
}

/** 128 random bits. `crypto.randomUUID` is absent on http in a LAN. */
export const randomKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const sleep = (ms) => new Promise((wait) => setTimeout(wait, ms));

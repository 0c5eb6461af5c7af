import { Agent, request } from 'node:http';

export type Headers = Readonly<Record<string, string>>;

/** A keep-alive client with little of its own: what it costs is taken from the server under test, which shares the cores. */
export interface Http {
  /** Rejects on any status but the expected ones: a fast error is no throughput. */
  post(url: string, path: string, headers: Headers, body: string): Promise<string>;
  get(url: string, path: string, headers: Headers): Promise<string>;
  close(): void;
}

export function createHttp(connections: number): Http {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' });
  const send = (method: string, url: string, path: string, headers: Headers, body?: string): Promise<string> => {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const sent = request({ agent, hostname, port, path, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const { statusCode = 0 } = response;
          if (statusCode === 200 || statusCode === 201) resolve(text);
          else reject(new Error(`${path}: ${statusCode} ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  };
  return {
    post(url, path, headers, body) {
      const length = String(Buffer.byteLength(body));
      return send(
        'POST',
        url,
        path,
        { ...headers, 'content-type': 'application/json', 'content-length': length },
        body,
      );
    },
    get: (url, path, headers) => send('GET', url, path, headers),
    close: () => agent.destroy(),
  };
}

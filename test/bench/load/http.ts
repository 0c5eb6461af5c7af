import { Agent, request } from 'node:http';

/** A keep-alive client with little of its own: what it costs is taken from the server under test, which shares the cores. */
export interface Http {
  /** Rejects on any status but the expected ones: a fast error is no throughput. */
  post(url: string, path: string, headers: Readonly<Record<string, string>>, body: string): Promise<string>;
  close(): void;
}

export function createHttp(connections: number): Http {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'lifo' });
  return {
    post(url, path, headers, body) {
      const { hostname, port } = new URL(url);
      const length = String(Buffer.byteLength(body));
      const options = {
        agent,
        hostname,
        port,
        path,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': length },
      };
      return new Promise((resolve, reject) => {
        const sent = request(options, (response) => {
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
    },
    close: () => agent.destroy(),
  };
}

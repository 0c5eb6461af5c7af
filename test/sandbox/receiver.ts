import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from 'vitest';

export interface Received {
  readonly headers: Record<string, string | undefined>;
  readonly text: string;
  readonly json: any;
}

/** A merchant's server that keeps what it is sent, and answers as told: a status, or not at all. */
export function useReceiver() {
  let received: Received[] = [];
  let answers: (number | 'hang' | 'drop')[] = [];
  const server = createServer((req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    req.on('end', () => {
      let json: unknown;
      try {
        json = JSON.parse(text);
      } catch {
        // Some are not meant to be.
      }
      received.push({ headers: req.headers as Received['headers'], text, json });
      const answer = answers.shift() ?? 200;
      if (answer === 'drop') req.socket.destroy();
      else if (answer === 302) res.writeHead(302, { location: 'http://169.254.169.254/' }).end();
      else if (answer !== 'hang') res.writeHead(answer).end();
    });
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    received = [];
    answers = [];
  });
  return {
    url: () => url,
    received: () => received,
    /** For the next deliveries, in turn; after them 200. */
    answerWith(...next: (number | 'hang' | 'drop')[]) {
      answers = next;
    },
  };
}

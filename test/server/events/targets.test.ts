import { describe, expect, test } from 'vitest';
import { createSender } from '../../../server/events/webhook/send.js';
import { type Address, resolveTarget } from '../../../server/events/webhook/targets.js';
import { openReceiver } from './receiver.js';

const as = (address: string): Address => ({ address, family: address.includes(':') ? 6 : 4 });
const resolving =
  (...addresses: readonly string[]) =>
  async () =>
    addresses.map(as);
const noDns = async () => {
  throw new Error('an address needs no DNS');
};

const notPublic = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
];

describe('a target that is not public is refused', () => {
  test.each(notPublic)('%s, as an address in the URL', async (address) => {
    const url = new URL(`https://${address.includes(':') ? `[${address}]` : address}/x`);
    expect(await resolveTarget(url, [], noDns)).toEqual({ ok: false, why: 'target_refused' });
  });

  test.each(notPublic)('%s, as what a name leads to', async (address) => {
    const target = await resolveTarget(new URL('https://shop.example'), [], resolving(address));
    expect(target).toEqual({ ok: false, why: 'target_refused' });
  });

  test.each(['0x7f.1', '2130706433', '0177.0.0.1', '127.1', '169.254.169.254.', '①②⑦.0.0.1'])(
    '%s, however it is written',
    async (host) => {
      const target = await resolveTarget(new URL(`https://${host}/`), [], noDns);
      expect(target).toEqual({ ok: false, why: 'target_refused' });
    },
  );
});

describe('a target', () => {
  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('%s is public', async (address) => {
    const target = await resolveTarget(new URL('https://shop.example'), [], resolving(address));
    expect(target).toEqual({ ok: true, addresses: [as(address)] });
  });

  test('of a name with public and other addresses is called at the public ones only', async () => {
    const mixed = resolving('10.0.0.1', '8.8.8.8', '::1');
    const target = await resolveTarget(new URL('https://shop.example'), [], mixed);
    expect(target).toEqual({ ok: true, addresses: [as('8.8.8.8')] });
  });

  test('that configuration names is allowed, and only that', async () => {
    const url = new URL('http://shop.internal:8080/events');
    const allowed = ['10.1.0.0/16', 'fd00::/8'];
    expect(await resolveTarget(url, allowed, resolving('10.1.200.3'))).toMatchObject({ ok: true });
    expect(await resolveTarget(url, allowed, resolving('fd12::1'))).toMatchObject({ ok: true });
    expect(await resolveTarget(url, allowed, resolving('10.2.0.1'))).toMatchObject({ ok: false });
  });

  test('over plain http is refused unless configuration names it, though it is public', async () => {
    const url = new URL('http://shop.example');
    expect(await resolveTarget(url, ['10.0.0.0/8'], resolving('8.8.8.8'))).toMatchObject({ why: 'target_refused' });
  });

  test('without addresses can not be called', async () => {
    const url = new URL('https://shop.example');
    expect(await resolveTarget(url, [], resolving())).toEqual({ ok: false, why: 'dns_failed' });
    expect(await resolveTarget(url, [], noDns)).toEqual({ ok: false, why: 'dns_failed' });
  });
});

describe('a delivery', () => {
  const sending = (url: string, allowPrivate: readonly string[] = ['127.0.0.1']) => ({
    url,
    headers: {},
    body: '{}',
    allowPrivate,
    signal: new AbortController().signal,
  });

  test('goes to the address that was checked, whatever the name leads to a moment later', async () => {
    const receiver = await openReceiver();
    const answers = [['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1']];
    let asked = 0;
    const resolve = async () => (answers[asked++] ?? []).map(as);
    const sender = createSender({ resolve, timeoutMs: 1_000 });
    const url = `http://rebound.example:${receiver.port}/`;
    receiver.answer = (_request, response) => response.writeHead(200).end();
    expect(await sender.send(sending(url))).toEqual({ status: 200 });
    expect(asked).toBe(1);
    expect(await sender.send(sending(url))).toEqual({ error: 'target_refused' });
    expect(await sender.send(sending(url))).toEqual({ status: 200 });
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[0]?.headers.host).toBe(`rebound.example:${receiver.port}`);
    sender.close();
    await receiver.close();
  });

  test('of one endpoint does not use the connection of another that may go where it may not', async () => {
    const receiver = await openReceiver();
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const sender = createSender({ resolve: async () => (answers.shift() ?? []).map(as), timeoutMs: 1_000 });
    const url = `http://shared.example:${receiver.port}/`;
    expect(await sender.send(sending(url))).toMatchObject({ status: 204 });
    // Nobody listens there: only the other's connection could answer.
    expect(await sender.send(sending(url, ['127.0.0.2']))).toEqual({ error: 'connection_failed' });
    expect(receiver.received).toHaveLength(1);
    sender.close();
    await receiver.close();
  });

  test('ends when the DNS does not answer', async () => {
    const sender = createSender({ resolve: () => new Promise(() => undefined), timeoutMs: 50 });
    expect(await sender.send(sending('https://slow.example'))).toEqual({ error: 'timed_out' });
  });

  test('reads no endless reply', async () => {
    const receiver = await openReceiver();
    let written = 0;
    let closed: () => void = () => undefined;
    const cut = new Promise<void>((resolve) => {
      closed = resolve;
    });
    receiver.answer = (_request, response) => {
      response.writeHead(200);
      const more = () => {
        if (response.destroyed) return;
        written += 10_000;
        response.write('x'.repeat(10_000), more);
      };
      response.once('close', closed);
      more();
    };
    const sender = createSender({ timeoutMs: 1_000 });
    expect(await sender.send(sending(receiver.url))).toEqual({ status: 200 });
    await cut;
    // What the sockets' buffers took.
    expect(written).toBeLessThan(50_000_000);
    sender.close();
    await receiver.close();
  });

  test('waits for no reply that never ends', async () => {
    const receiver = await openReceiver();
    const cut = new Promise<void>((resolve) => {
      receiver.answer = (_request, response) => {
        response.once('close', resolve);
        // Its status says all; of the length that it promises nothing comes.
        response.writeHead(200, { 'content-length': 10 }).flushHeaders();
      };
    });
    const sender = createSender({ timeoutMs: 60_000, replyMs: 50 });
    expect(await sender.send(sending(receiver.url))).toEqual({ status: 200 });
    await cut;
    sender.close();
    await receiver.close();
  });

  test('is repeated on a new connection when the kept one had just been closed', async () => {
    const receiver = await openReceiver();
    const sender = createSender({ timeoutMs: 1_000 });
    receiver.answer = (request, response) => {
      response.writeHead(200).end();
      const { socket } = request;
      // From now on this connection is dead, without its other end having been told yet.
      setImmediate(() => {
        socket.removeAllListeners('data');
        socket.on('data', () => socket.resetAndDestroy());
      });
    };
    expect(await sender.send(sending(receiver.url))).toEqual({ status: 200 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await sender.send(sending(receiver.url))).toEqual({ status: 200 });
    sender.close();
    await receiver.close();
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import type { Reacted, Reaction } from '../../../server/events/reactions.js';
import { reactionLeaseMs } from '../../../server/events/reactor.js';
import { hour, minute, second } from '../../../server/ops/clock.js';
import { openRoom, type Room } from './room.js';
import { happened } from './support.js';

const rooms: Room[] = [];
afterEach(async () => {
  for (const room of rooms.splice(0)) await room.close();
});

/** A reaction that writes down what it was called for, and does as it is told. */
function reaction(name: string, answer: (times: number) => Reacted | Promise<Reacted> = () => ({ state: 'done' })) {
  const calls: string[] = [];
  const made: Reaction = {
    plan: () => [name],
    async react(event) {
      calls.push(event.key);
      return answer(calls.length);
    },
  };
  return { calls, made };
}

const open = async (reactions: Record<string, Reaction>, more: Parameters<typeof openRoom>[0] = {}): Promise<Room> => {
  const room = await openRoom({ reactions: new Map(Object.entries(reactions)), ...more });
  rooms.push(room);
  return room;
};

describe('reactions', () => {
  test('each follow an event once, in a state of their own', async () => {
    const mail = reaction('mail');
    const credits = reaction('credits', () => ({ state: 'failed', attempt: { error: 'no_such_account' } }));
    const room = await open({ mail: mail.made, credits: credits.made });
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    await room.runDry();
    expect([mail.calls, credits.calls]).toEqual([['p:1'], ['p:1']]);
    const event = await room.event('p:1');
    expect(event.reactions).toMatchObject([
      { name: 'mail', state: 'done', tries: 1 },
      { name: 'credits', state: 'failed', tries: 1, attempts: [{ error: 'no_such_account' }] },
    ]);
    expect(event.dueAt).toBeUndefined();
  });

  test('are each retried on their own schedule', async () => {
    const slow = reaction('slow', () => ({ state: 'waiting', retryAt: room.clock.now() + hour }));
    const quick = reaction('quick', (times) =>
      times < 3 ? { state: 'waiting', retryAt: room.clock.now() + minute } : { state: 'done' },
    );
    const room = await open({ slow: slow.made, quick: quick.made });
    await room.feed.publish(happened('p:1'));
    for (let n = 0; n < 10; n++) {
      await room.runDry();
      room.clock.advance(minute);
    }
    expect([slow.calls.length, quick.calls.length]).toEqual([1, 3]);
    room.clock.advance(hour);
    await room.runDry();
    expect([slow.calls.length, quick.calls.length]).toEqual([2, 3]);
  });

  test('that throw are tried again later, less and less often, and keep the last 20 tries', async () => {
    const broken = reaction('broken', () => {
      throw new Error('a bug');
    });
    const room = await open({ broken: broken.made });
    await room.feed.publish(happened('p:1'));
    await room.runDry();
    expect((await room.event('p:1')).reactions).toMatchObject([
      { state: 'waiting', tries: 1, nextAt: room.clock.now() + 5 * second, attempts: [{ error: 'internal' }] },
    ]);
    for (let n = 0; n < 30; n++) {
      room.clock.advance(hour);
      await room.runDry();
    }
    const [kept] = (await room.event('p:1')).reactions;
    expect(kept).toMatchObject({ state: 'waiting', tries: 31 });
    expect(kept?.attempts).toHaveLength(20);
  });

  test('that hang hold up no other, of this event or another', async () => {
    const release: (() => void)[] = [];
    const hanging = reaction('hanging', () => new Promise((resolve) => release.push(() => resolve({ state: 'done' }))));
    const mail = reaction('mail');
    const room = await open({ hanging: hanging.made, mail: mail.made });
    const [source] = room.sources;
    const keys = Array.from({ length: 40 }, (_, n) => `p:${n}`);
    for (const key of keys) await room.feed.publish(happened(key));
    for (let round = 0; mail.calls.length < keys.length; round++) {
      expect(round).toBeLessThan(50);
      for (const id of await source!.find(100)) await source!.work(id);
      room.clock.advance(second);
    }
    expect(hanging.calls).toHaveLength(32);
    for (const one of release) one();
    await room.idle();
    expect([...mail.calls].sort()).toEqual([...keys].sort());
  });

  test('of a server that died are done by another when the lease is over, and not before', async () => {
    const dead = reaction('mail', () => new Promise(() => undefined));
    const first = await openRoom({ reactions: new Map([['mail', dead.made]]) });
    await first.feed.publish(happened('p:1'));
    const [source] = first.sources;
    for (const id of await source!.find(100)) await source!.work(id);
    const mail = reaction('mail');
    const { store, clock } = first;
    const second_ = await open({ mail: mail.made }, { store, clock });
    clock.advance(reactionLeaseMs - 1);
    await second_.runDry();
    expect(mail.calls).toEqual([]);
    clock.advance(1);
    await second_.runDry();
    expect(mail.calls).toEqual(['p:1']);
    await store.close();
  });

  test('that lost their lease write nothing', async () => {
    let release: () => void = () => undefined;
    const late = reaction('mail', () => new Promise((resolve) => (release = () => resolve({ state: 'failed' }))));
    const first = await open({ mail: late.made });
    await first.feed.publish(happened('p:1'));
    const [source] = first.sources;
    for (const id of await source!.find(100)) await source!.work(id);
    const { store, clock } = first;
    clock.advance(reactionLeaseMs);
    const second_ = await openRoom({ reactions: new Map([['mail', reaction('mail').made]]), store, clock });
    await second_.runDry();
    release();
    await first.idle();
    expect((await first.event('p:1')).reactions).toMatchObject([{ state: 'done', tries: 1 }]);
  });

  test('of a kind that this server does not know wait for one that does', async () => {
    const mail = reaction('mail');
    const knowing = await open({ mail: mail.made });
    const { store, clock } = knowing;
    await knowing.feed.publish(happened('p:1'));
    const older = await openRoom({ store, clock });
    await older.runDry();
    expect(await older.event('p:1')).toMatchObject({ reactions: [{ state: 'waiting', tries: 0 }] });
    clock.advance(hour);
    await knowing.runDry();
    expect(mail.calls).toEqual(['p:1']);
  });

  test('wake the worker when an event has any', async () => {
    let woken = 0;
    const room = await open({ mail: reaction('mail').made }, { due: () => woken++ });
    await room.feed.publish(happened('p:1'));
    await room.feed.publish(happened('p:1'));
    expect(woken).toBe(1);
  });
});

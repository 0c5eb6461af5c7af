import type { Clock, Instant } from '../ops/clock.js';
import type { Logger } from '../ops/logging.js';
import type { Channel } from '../providers/provider.js';
import { failedAgain, isPassedOver, type PassingOver, probed, type Row } from './passing-over.js';
import { type Look, lookAtScript } from './script-look.js';

/**
 * Which channels this server has seen failing lately, in memory: what is forgotten with a restart, or unknown to another server, costs a
 * few slow prepares and no money.
 */
export interface ChannelHealth {
  /** Is it passed over for new attempts? */
  isFailing(merchant: string, channel: Channel): boolean;
  /** A launch of it is about to be asked for. */
  begin(merchant: string, channel: Channel): void;
  /** The provider answered. */
  worked(merchant: string, channel: Channel): void;
  /** It gave the browser nothing to open. */
  failed(merchant: string, channel: Channel, reason: string): void;
  /**
   * A page says that it can't load the script. Anybody can say so: it makes us look ourselves, once in a pause at most, and counts for
   * others only as far as we see the same.
   */
  unloadable(channel: Channel, session: string): void;
  /** Resolves when no script is being looked at. */
  idle(): Promise<void>;
}

interface Script {
  /** By session: when its page said so last. */
  readonly reports: Map<string, Instant>;
  lookedAt?: Instant;
  looking?: Promise<void>;
  /** We could load it once: an answer that does not come says something. */
  wasServed: boolean;
  isServed: boolean;
  isOut: boolean;
}

interface Deps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly rule: PassingOver;
  /** Default: over the network. */
  readonly look?: (url: string) => Promise<Look>;
}

/** More reports than are ever needed are not kept. */
const maxReports = 1_000;

export function createChannelHealth({ clock, log, rule, look = lookAtScript }: Deps): ChannelHealth {
  const rows = new Map<string, Row>();
  const scripts = new Map<string, Script>();
  const keyOf = (merchant: string, { id }: Channel) => `${merchant} ${id}`;

  function judge(script: Script, url: string, provider: string): void {
    const now = clock.now();
    for (const [session, at] of script.reports) if (now - at >= rule.withinMs) script.reports.delete(session);
    const count = script.reports.size;
    const isOut = !script.isServed && (script.isOut || count >= rule.sessions);
    if (isOut && !script.isOut) log.error('script_passed_over', { provider, url, count });
    if (!isOut && script.isOut) log.info('script_back', { provider, url });
    script.isOut = isOut;
  }

  /** One look at a time, and one in a pause. */
  function lookAgain(script: Script, { script: url, provider }: Channel): void {
    const now = clock.now();
    if (script.looking || (script.lookedAt !== undefined && now - script.lookedAt < rule.pauseMs)) return;
    script.lookedAt = now;
    script.looking = look(url).then((seen) => {
      delete script.looking;
      if (seen === 'unclear' && !script.wasServed) return;
      script.isServed = seen === 'served';
      script.wasServed ||= script.isServed;
      if (script.isServed) script.reports.clear();
      judge(script, url, provider);
    });
  }

  return {
    isFailing(merchant, channel) {
      const script = scripts.get(channel.script);
      if (script?.isOut) lookAgain(script, channel);
      return script?.isOut === true || isPassedOver(rows.get(keyOf(merchant, channel)), clock.now());
    },
    begin(merchant, channel) {
      const row = rows.get(keyOf(merchant, channel));
      if (row) rows.set(keyOf(merchant, channel), probed(row, clock.now(), rule));
    },
    worked(merchant, channel) {
      const row = rows.get(keyOf(merchant, channel));
      rows.delete(keyOf(merchant, channel));
      if (row?.until === undefined) return;
      log.info('channel_back', { merchant, channel: channel.id, provider: channel.provider });
    },
    failed(merchant, channel, reason) {
      const before = rows.get(keyOf(merchant, channel));
      const row = failedAgain(before, clock.now(), rule);
      rows.set(keyOf(merchant, channel), row);
      if (row.until === undefined || before?.until !== undefined) return;
      const about = { merchant, channel: channel.id, provider: channel.provider, reason, count: row.count };
      log.error('channel_passed_over', about);
    },
    unloadable(channel, session) {
      const url = channel.script;
      const script = scripts.get(url) ?? { reports: new Map(), wasServed: false, isServed: true, isOut: false };
      scripts.set(url, script);
      if (script.reports.size < maxReports || script.reports.has(session)) script.reports.set(session, clock.now());
      judge(script, url, channel.provider);
      lookAgain(script, channel);
    },
    async idle() {
      await Promise.all([...scripts.values()].map(({ looking }) => looking));
    },
  };
}

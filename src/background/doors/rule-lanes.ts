import type { Held } from '../../experiments/journal';
import type { BrowserApi, SessionRule } from './browser-api';
import { createHeaderLanes, type HeaderLanes, isWithoutCookies } from './header-lanes';

/** Ids of our own header rules, in blocks: each note of the journal stands for one block. Nobody else writes rules under this extension. */
export const FIRST_RULE_ID = 7001;
export const RULES_IN_BLOCK = 50;
const BLOCKS = 400;
/** A block of rules may be needed this long, ms. */
export const RULES_HOLD_MS = 120_000;
/** A block older than this takes no new rules, so that none outlives its note, ms. */
const BLOCK_IN_USE_MS = 60_000;

/** The lanes of one requester; `close` when it needs them no more. */
export type OpenLanes = HeaderLanes & { close(): Promise<void> };

/**
 * Own rules by declarativeNetRequest: only our requests, only one origin, gone with the browser. One
 * for the whole worker: rules hold for all our requests to an origin, whichever walk sends them.
 */
export function createRuleLanes(options: {
  api: BrowserApi;
  now(): number;
  /** Journals that the rules of a block are in force. */
  hold?(firstId: number): Promise<Held>;
}): { open(): OpenLanes } {
  const { api, now } = options;
  interface Block {
    firstId: number;
    beganAtMs: number;
    next: number;
    held?: Held;
  }
  let blocks: Block[] = [];
  let opening: Promise<Block> | undefined;
  let nextBlock = 0;
  let users = 0;
  const inForce = new Map<string, number>();

  const openBlock = async (): Promise<Block> => {
    // Rules of a killed worker may still be there.
    const taken = ((await api.declarativeNetRequest?.getSessionRules()) ?? []).map(({ id }) => id);
    const isTaken = (firstId: number) =>
      blocks.some((block) => block.firstId === firstId) || taken.some((id) => id >= firstId && id < firstId + RULES_IN_BLOCK);
    let firstId = FIRST_RULE_ID;
    for (let tries = 0; tries < BLOCKS; tries += 1) {
      firstId = FIRST_RULE_ID + nextBlock * RULES_IN_BLOCK;
      nextBlock = (nextBlock + 1) % BLOCKS;
      if (!isTaken(firstId)) break;
    }
    const block: Block = { firstId, beganAtMs: now(), next: 0 };
    const held = await options.hold?.(firstId);
    if (held) block.held = held;
    blocks.push(block);
    return block;
  };
  const blockInUse = (): Promise<Block> => {
    const current = blocks.at(-1);
    if (current && now() - current.beganAtMs < BLOCK_IN_USE_MS) return Promise.resolve(current);
    opening ??= openBlock().finally(() => {
      opening = undefined;
    });
    return opening;
  };
  const nextId = (block: Block): number => {
    const used = new Set(inForce.values());
    for (let tries = 0; tries < RULES_IN_BLOCK; tries += 1) {
      const id = block.firstId + block.next;
      block.next = (block.next + 1) % RULES_IN_BLOCK;
      if (!used.has(id)) return id;
    }
    throw new Error('too many header rules at once');
  };

  const lanes = createHeaderLanes({
    async set(origin, wish) {
      const block = await blockInUse();
      const id = nextId(block);
      const rule: SessionRule = {
        id,
        priority: 1,
        action: {
          type: 'modifyHeaders',
          requestHeaders: Object.entries(wish).map(([header, value]) =>
            value === null ? { header, operation: 'remove' as const } : { header, operation: 'set' as const, value },
          ),
          ...(isWithoutCookies(wish) ? { responseHeaders: [{ header: 'set-cookie', operation: 'remove' }] } : {}),
        },
        condition: { initiatorDomains: [api.runtime.id], urlFilter: `|${origin}/`, resourceTypes: ['xmlhttprequest'] },
      };
      inForce.set(origin, id);
      const change = async () => api.declarativeNetRequest?.updateSessionRules({ removeRuleIds: [id], addRules: [rule] });
      try {
        await (block.held ? block.held.change(change) : change());
      } catch (error) {
        inForce.delete(origin);
        throw error;
      }
    },
    async clear(origin) {
      const id = inForce.get(origin);
      if (id === undefined) return;
      inForce.delete(origin);
      // Refused only where the permission is gone, and the rules with it.
      await api.declarativeNetRequest?.updateSessionRules({ removeRuleIds: [id] }).catch(() => undefined);
    },
  });

  return {
    open() {
      users += 1;
      let isOpen = true;
      return {
        ...lanes,
        async close() {
          if (!isOpen) return;
          isOpen = false;
          users -= 1;
          if (users > 0) return;
          await opening?.catch(() => undefined);
          if (users > 0) return;
          const done = blocks;
          blocks = [];
          await Promise.all(done.map(({ held }) => held?.release()));
        },
      };
    },
  };
}

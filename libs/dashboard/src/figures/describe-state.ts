import type { FeedState } from "@sprtn/feed";
import { silentMembers, slotWithoutQuorum } from "./committee.js";
import { epochProofs } from "./epoch-proofs.js";
import { count, foreign, plural, short, span } from "./text.js";
import { slotAt } from "./time.js";

/** How much attention a state wants; each has a shape and a hue. */
export type Tone = "good" | "idle" | "wait" | "warn" | "bad";

/** A network's and its node's state in words. */
export interface Verdict {
  readonly tone: Tone;
  /** In a word or three. */
  readonly word: string;
  readonly text: string;
  /** An error's code, for the reference of errors. */
  readonly code?: string;
}

/** Characters of the node's own reason that a sentence has room for. */
const MAX_REASON = 300;

/** A node's code for being behind L1, with no trouble besides. */
const NOT_SYNCED = "NODE_NOT_SYNCED";

/** Silence after which a page says that it shows old figures. */
export const STALE_AFTER_MS = 5_000;

/**
 * What a node's page says first: the worst that is the case.
 * @param lostSinceMs since when the page hears nothing of the node, on the clock of `nowMs`; null while it does
 */
export function describeState(state: FeedState, nowMs: number, lostSinceMs: number | null = null): Verdict {
  return (
    lost(state, nowMs, lostSinceMs) ??
    genesis(state, nowMs) ??
    hindered(state) ??
    syncing(state, nowMs) ??
    notReady(state) ??
    withoutQuorum(state, nowMs) ??
    proofTrouble(state, nowMs) ??
    removals(state, nowMs) ??
    silent(state, nowMs) ??
    atWork(state)
  );
}

function lost(state: FeedState, nowMs: number, sinceMs: number | null): Verdict | undefined {
  if (sinceMs === null || nowMs - sinceMs < STALE_AFTER_MS) return undefined;
  const shown = state.tips.pending === 0 ? "" : `, showing block ${count(state.tips.pending)}`;
  return { tone: "bad", word: "Connection lost", text: `${span((nowMs - sinceMs) / 1000)} ago${shown}` };
}

function genesis(state: FeedState, nowMs: number): Verdict | undefined {
  const left = state.rules.genesisTime - nowMs / 1000;
  if (left <= 0) return undefined;
  return { tone: "wait", word: `Genesis in ${span(Math.ceil(left))}`, text: "the first slot begins then" };
}

/** What keeps a node from catching up says more than how far behind it is. */
function hindered(state: FeedState): Verdict | undefined {
  return [null, NOT_SYNCED].includes(state.health.code) ? undefined : notReady(state);
}

function syncing(state: FeedState, nowMs: number): Verdict | undefined {
  const { tips } = state;
  if (tips.synced) return undefined;
  if (tips.l1 === null) return { tone: "wait", word: "Syncing", text: "no block of L1 seen yet" };
  const behind = nowMs / 1000 - tips.l1.timestamp;
  const where = `at block ${count(tips.pending)}, L1 block ${count(tips.l1.number)}`;
  return { tone: "wait", word: "Syncing", text: `${where}, ${span(behind)} behind` };
}

function notReady(state: FeedState): Verdict | undefined {
  const { ready, code, reason } = state.health;
  if (ready) return undefined;
  const text = foreign(reason ?? "the node has not said why yet", MAX_REASON);
  const verdict: Verdict = { tone: "bad", word: "Not ready", text };
  return code === null ? verdict : { ...verdict, code };
}

function withoutQuorum(state: FeedState, nowMs: number): Verdict | undefined {
  const found = slotWithoutQuorum(state, slotAt(state.rules, nowMs));
  if (found === undefined) return undefined;
  const { row, quorum } = found;
  const have = `${row.attested.length} of the ${quorum} attestations that a block needs`;
  return { tone: "bad", word: "Quorum missing", text: `slot ${count(row.slot)} had ${have}` };
}

function proofTrouble(state: FeedState, nowMs: number): Verdict | undefined {
  const epochs = epochProofs(state, nowMs).filter(one => one.state !== "proven");
  const failed = epochs.find(one => one.state === "failed");
  if (failed !== undefined) {
    const text = `epoch ${count(failed.epoch)}: ${foreign(failed.failure ?? "no reason given")}`;
    return { tone: "bad", word: "Proof failed", text };
  }
  const overdue = epochs.find(one => one.blocks > 0 && one.deadlines.first < nowMs);
  if (overdue === undefined) return undefined;
  const left = (overdue.deadlines.last - nowMs) / 1000;
  const next =
    left > 0 ? `anyone may prove it for ${span(left)}, then its blocks can be pruned` : "its blocks can be pruned";
  return {
    tone: left > 0 ? "warn" : "bad",
    word: "Proof overdue",
    text: `epoch ${count(overdue.epoch)} is not proven: ${next}`,
  };
}

/** Slots for which a reorg stays news; a prune removes older blocks, and is news as long as they are shown. */
const NEWS_SLOTS = 32;

function removals(state: FeedState, nowMs: number): Verdict | undefined {
  const current = slotAt(state.rules, nowMs);
  const removed = state.slots
    .flatMap(({ blocks }) => blocks)
    .filter(block => block.removed === "prune" || (block.removed === "reorg" && block.slot > current - NEWS_SLOTS));
  if (removed.length === 0) return undefined;
  const pruned = removed.some(block => block.removed === "prune");
  const text = `${plural(removed.length, "block")} removed, block ${count(state.tips.pending)} pending`;
  return pruned
    ? { tone: "bad", word: "Pruned", text: `${text}; not proven in time` }
    : { tone: "warn", word: "Reorg of L1", text };
}

function silent(state: FeedState, nowMs: number): Verdict | undefined {
  const members = silentMembers(state, slotAt(state.rules, nowMs));
  if (members.length === 0) return undefined;
  const { own } = state.node;
  const all = state.epochs.at(-1)?.committee.length ?? members.length;
  const who = members.length === 1 ? short(members[0] as string) : `${members.length} of ${all}`;
  const text = own !== null && members.includes(own) ? `${who}, this node's key among them` : who;
  const word = members.length === 1 ? "Validator silent" : "Validators silent";
  return { tone: "warn", word, text: `${text}; block ${count(state.tips.pending)} pending` };
}

function atWork(state: FeedState): Verdict {
  const { pending, proven } = state.tips;
  if (pending === 0) {
    const next = state.pool.count > 0 ? "the next proposer takes them" : "a transaction starts the first one";
    const waits = state.pool.count > 0 ? `, ${plural(state.pool.count, "transaction")} wait` : "";
    return { tone: "idle", word: "Healthy", text: `no block yet${waits}: ${next}` };
  }
  const unproven = pending - proven;
  if (unproven <= 0) return { tone: "good", word: "Healthy", text: `block ${count(pending)} pending, all proven` };
  const wait = unproven === 1 ? "1 waits for proof" : `${count(unproven)} wait for proof`;
  return { tone: "good", word: "Healthy", text: `block ${count(pending)} pending, ${wait}` };
}

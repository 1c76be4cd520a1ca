import type { BlockRow, FeedChange, FeedState, NetworkRules, SlotRow } from "@sprtn/feed";
import { BlockNumber, type Field, fieldToHex, messageOf } from "@sprtn/primitives";
import type { Clock, Logger, NodeApi } from "@sprtn/ports";
import { isAbortError, sleep } from "@sprtn/runtime";

/** A block that nodes have told of, with its transactions. Moments are `clock.steadyMs`, of the first teller. */
export interface WatchedBlock {
  readonly number: number;
  readonly hash: string;
  readonly slot: number;
  readonly txs: readonly { readonly hash: Field; readonly reverted: boolean }[];
  /** When it was part of the pending chain. */
  readonly pendingAt: number;
  /** When its proposal, and its quorum, were heard of; absent where nobody told. */
  readonly proposedAt?: number;
  readonly attestedAt?: number;
}

/** Hears how the chain moves. */
export interface ChainListener {
  onBlock(block: WatchedBlock): void;
  /** An L1 reorg or a prune has taken it back. */
  onRemoved(hash: string): void;
  /** Lower than before when a block below it was taken back. */
  onTip(chain: "proven" | "finalized", number: number, atMs: number): void;
}

/** What was seen of a slot, in `clock.steadyMs`. */
export interface WatchedSlot {
  readonly slot: number;
  readonly startAt: number;
  proposer: string | null;
  committee: number;
  quorum: number;
  proposedAt?: number;
  /** By member of the committee. */
  readonly attestedAt: Map<number, number>;
  readonly blocks: Map<string, { readonly row: BlockRow; readonly at: number; removed: boolean }>;
  own?: { readonly outcome: string; readonly code: string | null; readonly reason: string | null };
}

/** What moments are counted with. */
export type ChainRules = Pick<NetworkRules, "genesisTime" | "slotDuration" | "epochDuration">;

export interface ChainWatchDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly node: Pick<NodeApi, "getBlocks">;
}

/** A block that nodes tell of may be gone, or at nodes that do not answer, when it is asked for. */
const ATTEMPTS = 120;
const RETRY_MS = 500;
/** Slots of a run that are kept: two weeks of 12 s. */
const MAX_SLOTS = 100_000;

/** Puts together what many nodes tell: of each event the first teller counts. */
export class ChainWatch {
  readonly #dependencies: ChainWatchDependencies;
  readonly #rules: ChainRules;
  readonly #listener: ChainListener;
  readonly #slots = new Map<number, WatchedSlot>();
  readonly #asked = new Set<string>();
  readonly #tips = { proven: -1, finalized: -1 };
  readonly #work = new Set<Promise<void>>();
  readonly #firstSlot: number;

  constructor(
    dependencies: ChainWatchDependencies,
    options: { readonly rules: ChainRules; readonly firstSlot: number; readonly listener: ChainListener },
  ) {
    this.#dependencies = dependencies;
    this.#rules = options.rules;
    this.#firstSlot = options.firstSlot;
    this.#listener = options.listener;
  }

  /** Slots since the first, ascending. */
  slots(): readonly WatchedSlot[] {
    return [...this.#slots.values()].toSorted((a, b) => a.slot - b.slot);
  }

  /** All that a state shows, for a node whose events begin, or were missed. */
  onState(state: FeedState, steady: (nodeMs: number) => number, signal: AbortSignal): void {
    const now = this.#dependencies.clock.steadyMs();
    for (const row of state.slots) {
      const watched = this.#slot(row, state, steady);
      if (watched === undefined) continue;
      const startMs = this.#startMs(row.slot);
      if (row.proposal !== undefined) this.#proposed(watched, steady(startMs + row.proposal.afterMs));
      for (const [member, afterMs] of row.attested) this.#attested(watched, member, steady(startMs + afterMs));
      for (const block of row.blocks) {
        // When one came that was found later nobody knows: it is there by now.
        const at = block.afterMs === null ? now : steady(startMs + block.afterMs);
        if (block.removed === undefined) this.#added(watched, { row: block, at }, signal);
        else this.#removed(block.hash);
      }
      if (row.own !== undefined) watched.own = row.own;
    }
    this.#tip("proven", state.tips.proven, now);
    this.#tip("finalized", state.tips.finalized, now);
  }

  /** What an event changes; `state` is the one after it. */
  onChange(
    change: FeedChange,
    state: FeedState,
    { atMs, steady, signal }: { atMs: number; steady: (nodeMs: number) => number; signal: AbortSignal },
  ): void {
    switch (change.t) {
      case "slot":
      case "epoch":
        for (const row of state.slots.slice(-this.#rules.epochDuration)) this.#slot(row, state, steady);
        return;
      case "proposal":
      case "attestation":
      case "own": {
        const watched = this.#slots.get(change.slot);
        if (watched === undefined) return;
        const startMs = this.#startMs(change.slot);
        if (change.t === "proposal") this.#proposed(watched, steady(startMs + change.afterMs));
        else if (change.t === "own") watched.own = change;
        else for (const [member, afterMs] of change.from) this.#attested(watched, member, steady(startMs + afterMs));
        return;
      }
      case "blocks":
        for (const hash of change.removed) this.#removed(hash);
        for (const block of change.added) {
          const watched = this.#slots.get(block.slot);
          if (watched === undefined) continue;
          const startMs = this.#startMs(block.slot);
          const at = block.afterMs === null ? atMs : steady(startMs + block.afterMs);
          this.#added(watched, { row: block, at }, signal);
        }
        return;
      case "tips":
        this.#tip("proven", change.tips.proven, atMs);
        this.#tip("finalized", change.tips.finalized, atMs);
    }
  }

  /** Resolves when no block is being asked for. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #startMs(slot: number): number {
    return (this.#rules.genesisTime + slot * this.#rules.slotDuration) * 1_000;
  }

  #slot(row: SlotRow, state: FeedState, steady: (nodeMs: number) => number): WatchedSlot | undefined {
    if (row.slot < this.#firstSlot) return undefined;
    let watched = this.#slots.get(row.slot);
    if (watched === undefined) {
      if (this.#slots.size >= MAX_SLOTS) return undefined;
      watched = {
        slot: row.slot,
        startAt: steady(this.#startMs(row.slot)),
        proposer: null,
        committee: 0,
        quorum: 0,
        attestedAt: new Map(),
        blocks: new Map(),
      };
      this.#slots.set(row.slot, watched);
    }
    const epoch = state.epochs.find(one => one.epoch === Math.floor(row.slot / this.#rules.epochDuration));
    watched.proposer = row.proposer ?? watched.proposer;
    watched.committee = epoch?.committee.length ?? watched.committee;
    watched.quorum = epoch?.quorum ?? watched.quorum;
    return watched;
  }

  #proposed(watched: WatchedSlot, at: number): void {
    watched.proposedAt = Math.min(watched.proposedAt ?? at, at);
  }

  #attested(watched: WatchedSlot, member: number, at: number): void {
    if (member >= watched.committee) return;
    watched.attestedAt.set(member, Math.min(watched.attestedAt.get(member) ?? at, at));
  }

  #added(watched: WatchedSlot, { row, at }: { row: BlockRow; at: number }, signal: AbortSignal): void {
    const known = watched.blocks.get(row.hash);
    if (known !== undefined && !known.removed) return;
    watched.blocks.set(row.hash, { row, at, removed: false });
    if (this.#asked.has(row.hash)) return;
    this.#asked.add(row.hash);
    const work = this.#ask(watched, { row, at }, signal).finally(() => {
      this.#asked.delete(row.hash);
      this.#work.delete(work);
    });
    this.#work.add(work);
  }

  #removed(hash: string): void {
    for (const { blocks } of this.#slots.values()) {
      const block = blocks.get(hash);
      if (block === undefined || block.removed) continue;
      block.removed = true;
      this.#listener.onRemoved(hash);
      // What comes at its height is proven and finalized anew.
      const below = block.row.number - 1;
      for (const chain of ["proven", "finalized"] as const) {
        if (this.#tips[chain] <= below) continue;
        this.#tips[chain] = below;
        this.#listener.onTip(chain, below, this.#dependencies.clock.steadyMs());
      }
    }
  }

  /** Its transactions are in no event. Never rejects. */
  async #ask(watched: WatchedSlot, { row, at }: { row: BlockRow; at: number }, signal: AbortSignal): Promise<void> {
    const { node, clock, logger } = this.#dependencies;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        const [block] = await node.getBlocks(BlockNumber(row.number), 1);
        if (watched.blocks.get(row.hash)?.removed !== false) return;
        if (block !== undefined && fieldToHex(block.headerHash) === row.hash) {
          const txs = block.effects.map(({ txHash, reverted }) => ({ hash: txHash, reverted }));
          const { proposedAt } = watched;
          const attestedAt = quorumAt(watched);
          this.#listener.onBlock({
            number: row.number,
            hash: row.hash,
            slot: row.slot,
            txs,
            pendingAt: at,
            ...(proposedAt === undefined ? {} : { proposedAt }),
            ...(attestedAt === undefined ? {} : { attestedAt }),
          });
          return;
        }
      } catch (error) {
        if (isAbortError(error) || signal.aborted) return;
        logger.debug("a block cannot be read yet", { block: row.number, reason: messageOf(error) });
      }
      try {
        await sleep(clock, RETRY_MS, signal);
      } catch {
        return;
      }
    }
    logger.warn("a block that nodes told of could not be read: its payments count as lost", { block: row.number });
  }

  #tip(chain: "proven" | "finalized", number: number, at: number): void {
    if (number <= this.#tips[chain]) return;
    this.#tips[chain] = number;
    this.#listener.onTip(chain, number, at);
  }
}

/** When as many members had attested as make a quorum; absent if they were not heard of. */
export function quorumAt({ attestedAt, quorum }: Pick<WatchedSlot, "attestedAt" | "quorum">): number | undefined {
  return quorum === 0 ? undefined : [...attestedAt.values()].toSorted((a, b) => a - b)[quorum - 1];
}

import { type EpochCommittees, epochOf, quorum, slotAt, slotStart } from "@sprtn/consensus";
import {
  type BlockRow,
  type FeedChange,
  initialState,
  KEPT_SLOTS,
  type NetworkRules,
  type NodeIdentity,
} from "@sprtn/feed";
import type {
  ActivitySource,
  BlockSource,
  ChainEvent,
  Clock,
  L1Time,
  Logger,
  RecordedActivity,
  Service,
} from "@sprtn/ports";
import { BlockNumber, codeOf, Epoch, fieldToHex, messageOf, Slot } from "@sprtn/primitives";
import type { L2Block, RollupParameters } from "@sprtn/protocol";
import { Loop, OngoingTrouble, unixSeconds } from "@sprtn/runtime";
import { FeedStore } from "./feed-store.js";
import { feesRow, type FiguresDependencies, healthRow, peersRow, proofsRow, tipsRow } from "./figures.js";
import { WaitingAttestations } from "./waiting-attestations.js";

/** What a feed is made of. */
export interface NodeFeedDependencies extends FiguresDependencies {
  readonly blocks: BlockSource;
  /** For pages alone: what they show displaces nothing that the node itself needs. */
  readonly committees: EpochCommittees;
  readonly journal: ActivitySource;
  readonly l1Time: L1Time;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Whose page it is, of which network. */
export interface NodeFeedSettings {
  readonly node: NodeIdentity;
  readonly rules: NetworkRules;
  readonly parameters: RollupParameters;
}

/** How often slots are looked at and attestations told, ms: four batches a second. */
const LOOK_MS = 250;
/** How often figures are looked at, ms. */
const FIGURES_MS = 1_000;
/** Proposals that wait for their slot. */
const MAX_EARLY = 4;
/** A block that is seen later than this many slots after its own was not watched on its way. */
const WATCHED_SLOTS = 3;

/** Puts what a node sees and does into the state of its page, and tells each change. */
export class NodeFeed implements Service {
  readonly #dependencies: NodeFeedDependencies;
  readonly #loop: Loop;
  readonly #trouble = new OngoingTrouble();
  readonly #attestations = new WaitingAttestations();
  /** What ends the subscriptions. */
  #unsubscribe: readonly (() => void)[] = [];
  /** Proposals of slots that have not begun yet, by this node's clock. */
  readonly #early: Extract<FeedChange, { t: "proposal" }>[] = [];
  /** The blocks of slots that were shown without having been watched are to be looked up. */
  #backfill = true;
  /** Committees may be others. */
  #redraw = false;
  /** While committees are asked for: an L1 that does not answer must not keep the page from saying so. */
  #isDrawing = false;
  readonly #drawTrouble = new OngoingTrouble();
  #figuresMs = Number.NEGATIVE_INFINITY;
  readonly source: FeedStore;

  constructor(
    dependencies: NodeFeedDependencies,
    private readonly settings: NodeFeedSettings,
  ) {
    this.#dependencies = dependencies;
    const { clock } = dependencies;
    this.source = new FeedStore(initialState(settings.node, settings.rules, clock.nowMs()), () => clock.nowMs());
    this.#loop = new Loop(
      { clock, step: () => this.#look(), onError: error => this.#report(error) },
      { intervalMs: LOOK_MS },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    const { journal, blocks, l1Time } = this.#dependencies;
    this.#unsubscribe = [
      journal.subscribe(activity => this.#hear(activity)),
      blocks.subscribe(event => this.#follow(event)),
      l1Time.onReorg(() => (this.#redraw = true)),
    ];
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    for (const end of this.#unsubscribe) end();
    this.#unsubscribe = [];
    await this.#loop.stop();
  }

  async #look(): Promise<void> {
    this.#tick();
    void this.#draw();
    for (const change of this.#attestations.take(this.source.state)) this.source.apply(change);
    await this.#findBlocks();
    const { clock } = this.#dependencies;
    if (clock.steadyMs() - this.#figuresMs >= FIGURES_MS) {
      this.#figuresMs = clock.steadyMs();
      await this.#figures();
      this.#trouble.end();
    }
  }

  /** Slots that have begun since the last look; at the start, and after a sleep, those before as well. */
  #tick(): void {
    this.#begin();
    const newest = this.source.state.slots.at(-1)?.slot ?? -1;
    for (const proposal of this.#early.splice(0))
      if (proposal.slot > newest) this.#early.push(proposal);
      else this.source.apply(proposal);
  }

  #begin(): void {
    const { parameters } = this.settings;
    const now = unixSeconds(this.#dependencies.clock);
    if (now < parameters.genesisTime) return;
    const current = slotAt(parameters, now);
    const last = this.source.state.slots.at(-1)?.slot;
    const oldest = Math.max(0, current - KEPT_SLOTS + 1);
    if (last !== undefined && last >= oldest - 1) {
      for (let slot = last + 1; slot <= current; slot++) this.source.apply({ t: "slot", slot });
      return;
    }
    this.#backfill = true;
    for (let slot = oldest; slot <= current; slot++) this.source.apply({ t: "slot", slot });
  }

  /** Never rejects; what L1 does not tell is asked for again a second later. */
  async #draw(): Promise<void> {
    if (this.#isDrawing) return;
    const { clock } = this.#dependencies;
    const redraw = this.#redraw;
    this.#redraw = false;
    this.#isDrawing = true;
    try {
      await this.#committees(redraw);
      this.#drawTrouble.end();
      this.#isDrawing = false;
    } catch (error) {
      this.#redraw ||= redraw;
      this.#report(error, this.#drawTrouble);
      clock.schedule(FIGURES_MS, () => (this.#isDrawing = false));
    }
  }

  /** Of the epochs whose slots are shown. */
  async #committees(redraw: boolean): Promise<void> {
    const { slots, epochs } = this.source.state;
    const [first, last] = [slots[0], slots.at(-1)];
    if (first === undefined || last === undefined) return;
    const { parameters } = this.settings;
    for (let epoch = epochOf(parameters, Slot(last.slot)); epoch >= epochOf(parameters, Slot(first.slot)); epoch--) {
      const known = epochs.find(row => row.epoch === epoch);
      if (known !== undefined && !redraw) continue;
      const committee = await this.#dependencies.committees.committeeAt(Epoch(epoch));
      if (known !== undefined && known.committee.join() === committee.join()) continue;
      this.source.apply({ t: "epoch", epoch: { epoch, committee, quorum: quorum(committee.length) } });
    }
  }

  /** Blocks of shown slots that L1 held before this node watched them. */
  async #findBlocks(): Promise<void> {
    const { blocks } = this.#dependencies;
    const [first] = this.source.state.slots;
    if (!this.#backfill || first === undefined || !blocks.synced()) return;
    this.#backfill = false;
    const shown = new Set(this.source.state.slots.flatMap(row => row.blocks.map(({ hash }) => hash)));
    const found: BlockRow[] = [];
    for (let number: number = blocks.tips().pending.number; number > 0; number--) {
      const block = await blocks.block(BlockNumber(number));
      if (block === undefined || block.header.slot < first.slot) break;
      const row = this.#row(block);
      if (!shown.has(row.hash)) found.unshift({ ...row, afterMs: null });
    }
    if (found.length > 0) this.source.apply({ t: "blocks", added: found, removed: [] });
  }

  async #figures(): Promise<void> {
    const { pool, peers, machine, baseFees, readiness, prover, clock } = this.#dependencies;
    const { state } = this.source;
    const changes: readonly FeedChange[] = [
      { t: "tips", tips: tipsRow(this.#dependencies) },
      { t: "pool", pool: pool() },
      { t: "peers", peers: peersRow(peers()) },
      { t: "machine", machine: machine() },
      { t: "health", health: healthRow(readiness(), state.health, clock.nowMs()) },
      { t: "fees", fees: feesRow(await baseFees()) },
      ...(prover === undefined ? [] : [{ t: "proofs", proofs: await proofsRow(prover) } as const]),
    ];
    const shown = JSON.stringify;
    for (const change of changes)
      if (shown((change as Record<string, unknown>)[change.t]) !== shown((state as never)[change.t]))
        this.source.apply(change);
  }

  #hear(activity: RecordedActivity): void {
    const { slot } = activity;
    const startMs = 1000 * slotStart(this.settings.parameters, slot);
    switch (activity.type) {
      case "attestation":
        return this.#attestations.add(slot, activity.signer, activity.atMs - startMs);
      case "proposal": {
        const { block, txs } = activity;
        // Those who gossip take two of a slot, and of no later one than the next (LIMIT-12).
        if (this.#early.length < MAX_EARLY)
          this.#early.push({ t: "proposal", slot, block, txs, afterMs: activity.atMs - startMs });
        return this.#tick();
      }
      case "step": {
        this.#tick();
        const [fromMs, toMs] = [activity.startedMs - startMs, Math.round(activity.endedMs - startMs)];
        return this.source.apply({ t: "step", slot, step: activity.step, fromMs, toMs });
      }
      case "own-slot": {
        this.#tick();
        const { outcome, why } = activity;
        const own = { outcome, code: why?.code ?? null, reason: why?.reason ?? null };
        return this.source.apply({ t: "own", slot, ...own });
      }
    }
  }

  #follow(event: ChainEvent): void {
    this.#tick();
    const { slots } = this.source.state;
    const oldest = slots[0]?.slot ?? Number.POSITIVE_INFINITY;
    if (event.type === "blocks-added") {
      const added = event.blocks.filter(({ header }) => header.slot >= oldest).map(block => this.#row(block));
      if (added.length > 0) this.source.apply({ t: "blocks", added, removed: [] });
    } else if (event.type === "blocks-removed") {
      const gone = event.removed.filter(({ header }) => header.slot >= oldest).map(({ headerHash }) => headerHash);
      const { cause } = event;
      if (gone.length > 0) this.source.apply({ t: "blocks", added: [], removed: gone.map(fieldToHex), cause });
    }
  }

  #row({ header, headerHash, effects }: L2Block): BlockRow {
    const { parameters } = this.settings;
    const afterMs = this.#dependencies.clock.nowMs() - 1000 * slotStart(parameters, header.slot);
    return {
      number: header.number,
      slot: header.slot,
      hash: fieldToHex(headerHash),
      txs: effects.length,
      afterMs: afterMs > 1000 * WATCHED_SLOTS * parameters.slotDuration ? null : afterMs,
    };
  }

  /** Once for each trouble: whatever the figures come from reports its own. */
  #report(error: unknown, trouble = this.#trouble): void {
    const fields = { code: codeOf(error), reason: messageOf(error) };
    const { logger } = this.#dependencies;
    if (trouble.isNew(fields.code)) logger.verbose("the page shows old figures for now", fields);
    else logger.debug("the page still shows old figures", fields);
  }
}

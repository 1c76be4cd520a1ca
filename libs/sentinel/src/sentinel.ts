import {
  type BuildRules,
  type EpochCommittees,
  epochOf,
  shouldBuild,
  slotAt,
  slotEnd,
  slotStart,
  type TimeParameters,
} from "@sprtn/consensus";
import type {
  ActivitySource,
  BlockSource,
  ChainEvent,
  Clock,
  DutyTotals,
  KvStore,
  Logger,
  Meter,
  RecordedActivity,
  SentinelApi,
  Service,
  SlotDuties,
  ValidatorDuty,
} from "@sprtn/ports";
import { BlockNumber, codeOf, Epoch, type EthAddress, messageOf, Slot } from "@sprtn/primitives";
import { Loop, OngoingTrouble, unixSeconds } from "@sprtn/runtime";
import { totalsOf } from "./duty-totals.js";
import { DutyStore } from "./duty-store.js";
import { judgeSlot } from "./judge-slot.js";
import { SentinelError, SentinelErrorCode } from "./sentinel-error.js";
import { dutiesJudged, ownMissed } from "./sentinel-metrics.js";
import { WaitedThroughout } from "./waited-throughout.js";
import { WatchedSlot } from "./watched-slot.js";

/** What a sentinel sees. */
export interface SentinelDependencies {
  readonly journal: ActivitySource;
  readonly blocks: BlockSource;
  /** For the sentinel and for queries: what it asks for displaces nothing that the node itself needs. */
  readonly committees: EpochCommittees;
  readonly pendingTxs: () => number;
  readonly peers: () => number;
  readonly store: KvStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** When a block is due, when a slot is judged, and how long that is remembered. */
export interface SentinelOptions {
  readonly time: TimeParameters;
  readonly buildRules: BuildRules;
  /** Slots after its own in which an attestation still counts, and L1 may still take the block. */
  readonly lateSlots: number;
  readonly historyEpochs: number;
  readonly minPeers: number;
  /** Whose misses are counted apart. */
  readonly own?: EthAddress | undefined;
  /** In front of every key in the store. */
  readonly prefix: Uint8Array;
}

const LOOK_MS = 500;
/** Slots that wait for their judgement, at most: those of an L1 that does not tell their committees go first. */
const MAX_WATCHED = 64;
/** Slots after that of the last look of which something is heard: it has begun, and gossip takes one more. */
const MAX_AHEAD = 2;
/** Slots of one answer. */
const MAX_SLOTS = 1_000;

/**
 * Watches the network's slots: whether each was proposed, and who attested. It judges only what this node was in a
 * position to see, and its judgements are for people and for votes on slashing: nothing that the node itself does
 * depends on them.
 */
export class Sentinel implements SentinelApi, Service {
  readonly #dependencies: SentinelDependencies;
  readonly #store: DutyStore;
  readonly #loop: Loop;
  readonly #trouble = new OngoingTrouble();
  readonly #waited = new WaitedThroughout();
  /** By slot, ascending. */
  readonly #watched = new Map<Slot, WatchedSlot>();
  readonly #judged;
  readonly #ownMissed;
  #totals: { readonly slot: Slot; readonly counted: Promise<readonly DutyTotals[]> } | undefined;
  #unsubscribe: readonly (() => void)[] = [];
  /** What is heard of slots whose beginning was not looked at yet: a quick proposer is heard before the next look. */
  readonly #coming = new Map<Slot, WatchedSlot>();
  /** Slots whose blocks a reorg has taken, until that is written. */
  readonly #takenBack = new Set<Slot>();
  /** The slot of the last look; undefined before the first. */
  #slot: Slot | undefined;

  constructor(
    dependencies: SentinelDependencies,
    private readonly options: SentinelOptions,
  ) {
    this.#dependencies = dependencies;
    const { clock, meter, store } = dependencies;
    const { prefix, time } = options;
    this.#store = new DutyStore({ store }, { prefix, epochDuration: time.epochDuration });
    this.#judged = dutiesJudged(meter);
    this.#ownMissed = ownMissed(meter);
    this.#loop = new Loop(
      { clock, step: () => this.#look(), onError: error => this.#report(error) },
      { intervalMs: LOOK_MS },
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    const { journal, blocks } = this.#dependencies;
    this.#unsubscribe = [
      journal.subscribe(activity => this.#hear(activity)),
      blocks.subscribe(event => this.#follow(event)),
    ];
    await this.#loop.start(signal);
  }

  async stop(): Promise<void> {
    for (const end of this.#unsubscribe) end();
    this.#unsubscribe = [];
    await this.#loop.stop();
  }

  /** @throws SentinelError BAD_RECORD */
  async getSlotDuties(slot: Slot): Promise<SlotDuties | null> {
    return this.#store.get(slot) ?? null;
  }

  /** @throws SentinelError TOO_MANY_SLOTS, BAD_RECORD */
  async getDuties(validator: EthAddress, from: Slot, to: Slot): Promise<readonly ValidatorDuty[]> {
    const slots = to - from + 1;
    if (slots < 1 || slots > MAX_SLOTS)
      throw new SentinelError(
        SentinelErrorCode.TOO_MANY_SLOTS,
        `duties of ${slots} slots were requested: ask for 1 to ${MAX_SLOTS}`,
      );
    const found: ValidatorDuty[] = [];
    for await (const { slot, proposer, proposal, attestations } of this.#store.range(from, Slot(to + 1))) {
      const own = attestations.find(one => one.validator === validator);
      if (own !== undefined)
        found.push({ slot, proposal: proposer === validator ? proposal : null, attestation: own.duty });
    }
    return found;
  }

  /** Counted once a slot, whoever asks. @throws SentinelError BAD_RECORD */
  getDutyTotals(): Promise<readonly DutyTotals[]> {
    const slot = this.#slot ?? Slot(0);
    if (this.#totals?.slot === slot) return this.#totals.counted;
    const counted = totalsOf(this.#store.range(Slot(0), Slot(slot + 1)));
    this.#totals = { slot, counted };
    counted.catch(() => (this.#totals = undefined));
    return counted;
  }

  async #look(): Promise<void> {
    const { clock, blocks, pendingTxs, peers } = this.#dependencies;
    const { time, minPeers } = this.options;
    const now = unixSeconds(clock);
    if (now < time.genesisTime) return;
    const slot = slotAt(time, now);
    const tip = blocks.tips().pending.number;
    const messageBlock = await blocks.nextMessageBlock();
    await this.#begin(slot);
    this.#waited.look({ pendingTxs: pendingTxs(), messageWaits: messageBlock !== undefined && messageBlock > tip });
    // DUTY-4: what happened meanwhile may not have reached this node.
    if (!blocks.synced() || peers() < minPeers) for (const watched of this.#watched.values()) watched.isTrusted = false;
    await this.#judge(slot);
    await this.#writeTakenBack();
    this.#trouble.end();
  }

  /** Watches a slot that has begun since the last look. */
  async #begin(slot: Slot): Promise<void> {
    const last = this.#slot;
    if (slot === last) return;
    this.#slot = slot;
    const waited = this.#waited.take();
    const begun = this.#coming.get(slot) ?? new WatchedSlot(slot);
    for (const earlier of this.#coming.keys()) if (earlier <= slot) this.#coming.delete(earlier);
    // At the first look, and after a clock or a machine has jumped, nobody knows what the slot has brought before.
    if (last === undefined || slot !== last + 1) {
      for (const watched of this.#watched.values()) watched.isTrusted = false;
      return;
    }
    const { time, buildRules } = this.options;
    const tip = await this.#dependencies.blocks.block(this.#dependencies.blocks.tips().pending.number);
    const secondsSinceLastBlock = slotStart(time, slot) - (tip?.header.timestamp ?? time.genesisTime);
    // PEND-2: there is no block for slot 0.
    begun.isDue = slot > 0 && shouldBuild({ ...waited, secondsSinceLastBlock }, buildRules);
    this.#watched.set(slot, begun);
    const [oldest] = this.#watched.keys();
    if (this.#watched.size > MAX_WATCHED && oldest !== undefined) this.#watched.delete(oldest);
    if (slot % time.epochDuration === 0) await this.#forget(slot);
  }

  /** DUTY-5 */
  async #forget(slot: Slot): Promise<void> {
    const { time, historyEpochs } = this.options;
    await this.#store.forgetBefore(Epoch(Math.max(0, epochOf(time, slot) - historyEpochs)));
  }

  /** DUTY-3: those whose last attestations and block have had their time. */
  async #judge(current: Slot): Promise<void> {
    const { committees, blocks, clock } = this.#dependencies;
    const { time, lateSlots } = this.options;
    for (const [slot, watched] of this.#watched) {
      if (unixSeconds(clock) < slotEnd(time, Slot(slot + lateSlots)) || slot + lateSlots >= current) return;
      const committee = await committees.committeeOfSlot(slot);
      watched.hasBlock ||= await hasBlockOf(blocks, slot);
      const duties = judgeSlot(watched.observed(committee));
      await this.#store.put(duties);
      this.#watched.delete(slot);
      this.#count(duties);
    }
  }

  #count({ proposer, proposal, attestations }: SlotDuties): void {
    const { own } = this.options;
    if (proposal !== "unknown" && proposer !== null) this.#judged.add(1, { duty: "proposal", status: proposal });
    for (const { validator, duty } of attestations) {
      if (duty === "unknown") continue;
      this.#judged.add(1, { duty: "attestation", status: duty });
      if (validator === own && duty === "missed") this.#ownMissed.add(1, { duty: "attestation" });
    }
    if (proposer === own && own !== undefined && (proposal === "missed" || proposal === "late"))
      this.#ownMissed.add(1, { duty: "proposal" });
  }

  #hear(activity: RecordedActivity): void {
    const watched = this.#watched.get(activity.slot) ?? this.#ahead(activity.slot);
    if (watched === undefined) return;
    if (activity.type === "proposal") watched.hasProposal = true;
    if (activity.type === "attestation") watched.attested.add(activity.signer);
  }

  /** Of a slot that has begun since the last look, or will by clocks that are ahead. */
  #ahead(slot: Slot): WatchedSlot | undefined {
    if (this.#slot === undefined || slot <= this.#slot || slot > this.#slot + MAX_AHEAD) return undefined;
    const coming = this.#coming.get(slot) ?? new WatchedSlot(slot);
    this.#coming.set(slot, coming);
    return coming;
  }

  #follow(event: ChainEvent): void {
    if (event.type === "blocks-added") {
      for (const { header } of event.blocks) {
        const watched = this.#watched.get(header.slot);
        if (watched !== undefined) watched.hasBlock = true;
      }
      return;
    }
    // A prune says nothing against those who made its blocks.
    if (event.type !== "blocks-removed" || event.cause !== "reorg") return;
    for (const { header } of event.removed) {
      const watched = this.#watched.get(header.slot);
      if (watched === undefined) this.#takenBack.add(header.slot);
      else watched.isReorged = true;
    }
  }

  /** DUTY-4: of a slot whose block a reorg has taken, nobody can tell who would have done what. */
  async #writeTakenBack(): Promise<void> {
    for (const slot of this.#takenBack) {
      const known = this.#store.get(slot);
      if (known !== undefined) {
        const attestations = known.attestations.map(({ validator }) => ({ validator, duty: "unknown" as const }));
        await this.#store.put({ ...known, proposal: "unknown", attestations });
      }
      this.#takenBack.delete(slot);
    }
  }

  /** Once for each trouble: L1 and disk are told of by those who need them to work. */
  #report(error: unknown): void {
    const { logger } = this.#dependencies;
    const fields = { code: codeOf(error), reason: messageOf(error) };
    if (this.#trouble.isNew(fields.code)) logger.verbose("duties are not judged for now", fields);
    else logger.debug("duties are still not judged", fields);
  }
}

/** Whether L1 has a block of `slot`: the newest block at or after it is looked for downwards. */
async function hasBlockOf(blocks: BlockSource, slot: Slot): Promise<boolean> {
  for (let number: number = blocks.tips().pending.number; number > 0; number--) {
    const block = await blocks.block(BlockNumber(number));
    if (block === undefined || block.header.slot < slot) return false;
    if (block.header.slot === slot) return true;
  }
  return false;
}

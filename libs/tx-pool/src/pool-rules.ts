import { type Field, type FieldHasher, Slot, UnixSeconds } from "@sprtn/primitives";
import { slotAt } from "@sprtn/consensus";
import { type GasFees, type L2Block, nextBaseFees, type RollupParameters } from "@sprtn/protocol";
import type { BlockSource, Clock, L1Time, LeftOut, StateViews } from "@sprtn/ports";
import { unixSeconds } from "@sprtn/runtime";
import { prospectOf } from "@sprtn/state-transition";
import type { AdmissionView } from "./admission/admission-view.js";
import { checkMessage } from "./admission/check-message.js";
import { checkStanding, isRefusal, planReturn } from "./admission/plan-admission.js";
import { findConflicting } from "./eviction/find-conflicting.js";
import { findExpired } from "./eviction/find-expired.js";
import { findMessageless } from "./eviction/find-messageless.js";
import { findOverflowing, findOverflowingAfter } from "./eviction/find-overflowing.js";
import { findSurplus } from "./eviction/find-surplus.js";
import { findUnanchored } from "./eviction/find-unanchored.js";
import { findUnderfunded } from "./eviction/find-underfunded.js";
import type { PoolContents, WaitingTx } from "./pool-contents.js";
import { createPoolEntry } from "./pool-entry.js";
import { mayHeal, TxRefusalCode } from "./refusal.js";

export interface PoolRulesDependencies {
  readonly contents: PoolContents;
  readonly states: StateViews;
  readonly blocks: BlockSource;
  readonly clock: Clock;
  /**
   * Before L1's head, or more than a slot after it, the clock is not believed: because it is wrong nothing expires, and
   * nothing is admitted that has.
   */
  readonly l1Time?: Pick<L1Time, "head">;
  readonly hasher: FieldHasher;
}

export interface PoolRulesSettings {
  readonly chain: AdmissionView["chain"];
  readonly parameters: RollupParameters;
  readonly limits: AdmissionView["limits"];
}

/** Applies the rules to the pool as the chain and the time move on. */
export class PoolRules {
  readonly #dependencies: PoolRulesDependencies;
  readonly #settings: PoolRulesSettings;
  #baseFees: GasFees;

  constructor(dependencies: PoolRulesDependencies, settings: PoolRulesSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
    this.#baseFees = settings.parameters.initialBaseFees;
  }

  get baseFees(): GasFees {
    return this.#baseFees;
  }

  /** TIME-1; 0 before genesis. */
  currentSlot(): Slot {
    const { clock, l1Time } = this.#dependencies;
    const { parameters } = this.#settings;
    const head = l1Time?.head();
    const byClock = unixSeconds(clock);
    const now =
      head === undefined
        ? byClock
        : Math.max(head.timestamp, Math.min(byClock, head.timestamp + parameters.slotDuration));
    return now < parameters.genesisTime ? Slot(0) : slotAt(parameters, UnixSeconds(now));
  }

  view(): AdmissionView {
    const { contents, states, hasher } = this.#dependencies;
    const { chain, limits, parameters } = this.#settings;
    return {
      chain,
      limits,
      hasher,
      currentSlot: this.currentSlot(),
      state: states.latest(),
      anchorBlock: root => states.anchorBlock(root),
      baseFees: this.#baseFees,
      blockGasLimit: { l2: 2n * parameters.gasTarget.l2, da: 2n * parameters.gasTarget.da },
      pending: contents.pending,
    };
  }

  /** TX-2: `tip` decides the base fees of the block after it. */
  setTip({ header }: L2Block): void {
    this.#baseFees = nextBaseFees(
      header.baseFees,
      { l2: header.totalL2Gas, da: header.totalDaGas },
      this.#settings.parameters.gasTarget,
    );
    this.#dependencies.contents.pending.reprice(this.#baseFees);
  }

  async afterAdded(blocks: readonly L2Block[]): Promise<void> {
    const { contents } = this.#dependencies;
    for (const block of blocks) {
      contents.addBlock(block);
      contents.drop(findConflicting(contents.pending, block), TxRefusalCode.NULLIFIER_USED);
    }
    const { pending } = contents;
    contents.drop(
      findOverflowingAfter(blocks, pending, this.#dependencies.states.latest()),
      TxRefusalCode.BALANCE_OVERFLOW,
    );
    const tip = blocks.at(-1);
    if (tip) this.setTip(tip);
    await this.sweep();
  }

  /**
   * What a builder left out goes if it cannot be included any more. Its parent may not be on the chain yet: what the
   * state can heal is judged again, on the pending tip.
   */
  afterBuilding(leftOut: readonly LeftOut[]): void {
    const { contents } = this.#dependencies;
    const view = this.view();
    for (const { tx, reason } of leftOut) {
      const entry = contents.pending.get(tx.hash);
      const prospect = prospectOf(reason.code);
      if (!entry || prospect === "may-heal") continue;
      const code = checkStanding(entry, view)?.code ?? (prospect === "never" ? reason.code : undefined);
      if (code !== undefined) contents.drop([entry], code);
    }
  }

  /** INV-10: what the removed blocks made invalid waits, as what they held does: the blocks may come back. */
  async afterRemoved(removed: readonly L2Block[], tip: L2Block): Promise<void> {
    const { contents, states, blocks } = this.#dependencies;
    const slot = this.currentSlot();
    this.setTip(tip);
    contents.setAside(findUnanchored(contents.pending, states), slot);
    contents.setAside(await findMessageless(contents.pending, blocks), slot);
    contents.setAside(findUnderfunded(contents.pending, states.latest(), contents.pending.payers()), slot);
    contents.setAside(findOverflowing(contents.pending, states.latest()), slot);
    const { limits } = this.#settings;
    for (const block of removed) {
      contents.removeBlocks([block], slot);
      // After each block: a deep prune gives back more than the memory should hold at once.
      contents.drop(findSurplus([...contents.waiting.values()], limits, this.#baseFees), TxRefusalCode.DISPLACED);
    }
    await this.sweep();
  }

  /** What time and balances have made invalid goes; what has become valid again comes back. */
  async sweep(): Promise<void> {
    const { contents } = this.#dependencies;
    contents.drop(findExpired(contents.pending, this.currentSlot()), TxRefusalCode.EXPIRED);
    this.dropUnderfunded(contents.pending.payers());
    const waiting = [...contents.waiting.values()].toSorted((a, b) => a.arrival - b.arrival);
    for (const tx of waiting) await this.#tryReturn(tx);
  }

  dropUnderfunded(payers: readonly Field[]): void {
    const { contents, states } = this.#dependencies;
    contents.drop(findUnderfunded(contents.pending, states.latest(), payers), TxRefusalCode.FEE_UNPAYABLE);
  }

  async #tryReturn(waiting: WaitingTx): Promise<void> {
    const { contents, blocks } = this.#dependencies;
    const { tx, arrival, submitted } = waiting;
    // A node that is catching up does not know what is valid.
    if (!blocks.synced()) return;
    const absent = await checkMessage(tx, blocks);
    if (contents.waiting.get(tx.hash) !== waiting) return;
    const entry = createPoolEntry(tx, { arrival, submitted, baseFees: this.#baseFees });
    const result = absent ?? planReturn(entry, this.view());
    if (!isRefusal(result)) return contents.enter(entry, result);
    const overdue = this.currentSlot() > waiting.since + this.#settings.parameters.epochDuration;
    if (overdue || !mayHeal(result.code)) contents.drop([waiting], result.code);
  }
}

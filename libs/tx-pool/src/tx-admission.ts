import { codeOf, type Field, fieldToHex, messageOf } from "@sprtn/primitives";
import type { Admission, BlockSource, Logger } from "@sprtn/ports";
import type { Tx } from "@sprtn/protocol";
import { checkMessage } from "./admission/check-message.js";
import { type AdmissionPlan, checkStatic, isRefusal, planAdmission } from "./admission/plan-admission.js";
import type { ProofChecker } from "./admission/proof-checker.js";
import type { PoolContents } from "./pool-contents.js";
import { createPoolEntry, type PoolEntry } from "./pool-entry.js";
import type { PoolRules } from "./pool-rules.js";
import { type Refusal, TxRefusalCode } from "./refusal.js";
import type { TxJournal } from "./tx-journal.js";

/** Who brought a transaction: its sender, gossip, or a peer that was asked. */
export type TxOrigin = "local" | "gossip" | "peer";

/** The pool that a transaction enters, and what it has to pass. */
export interface TxAdmissionDependencies {
  readonly blocks: BlockSource;
  readonly logger: Logger;
  readonly contents: PoolContents;
  readonly rules: PoolRules;
  readonly journal: TxJournal;
  readonly checker: ProofChecker;
  /** A local transaction is in the pool and on disk. */
  readonly onStored: (entry: PoolEntry) => void;
  /** What had made room for a transaction is back, as that could not be stored. */
  readonly onWithdrawn: () => Promise<void>;
}

/** A transaction's way into the pool (TX-1): cheap checks first, the proof last, then the disk (INV-10). */
export class TxAdmission {
  readonly #dependencies: TxAdmissionDependencies;
  readonly #entering = new Map<Field, Promise<Admission>>();
  #arrivals = 0;

  constructor(dependencies: TxAdmissionDependencies) {
    this.#dependencies = dependencies;
  }

  /** Numbers arrivals from here on, if no higher number was given yet. */
  continueFrom(arrival: number): void {
    this.#arrivals = Math.max(this.#arrivals, arrival);
  }

  async admit(tx: Tx, origin: TxOrigin): Promise<Admission> {
    const { blocks, contents, rules } = this.#dependencies;
    const known = this.#knownAlready(tx, origin);
    if (known) return known;
    if (!blocks.synced())
      return refused({
        code: TxRefusalCode.NOT_SYNCED,
        reason: "this node is still catching up with L1: wait until it is ready",
      });
    const first = this.#candidate(tx, origin);
    const refusal =
      checkStatic(first, rules.view()) ??
      refusalOf(planAdmission(first, rules.view())) ??
      (await checkMessage(tx, blocks)) ??
      (await this.#checkProof(tx));
    if (refusal) return refused(refusal);
    // The chain or the pool may have moved while the proof was verified.
    contents.keepMined(tx);
    return this.#knownAlready(tx, origin) ?? this.#enter(tx, origin);
  }

  /**
   * The rules that no state could satisfy later, and the proof: for transactions that are useful whether or not the
   * pool admits them.
   */
  async checkAlways(tx: Tx): Promise<Refusal | undefined> {
    return checkStatic(this.#candidate(tx, "peer"), this.#dependencies.rules.view()) ?? this.#checkProof(tx);
  }

  #enter(tx: Tx, origin: TxOrigin): Promise<Admission> | Admission {
    const { contents, rules } = this.#dependencies;
    const entry = this.#candidate(tx, origin);
    const plan = planAdmission(entry, rules.view());
    if (isRefusal(plan)) return refused(plan);
    contents.enter(entry, plan);
    rules.dropUnderfunded([...plan.replaced, ...plan.displaced].map(gone => gone.tx.inputs.feePayer));
    if (contents.pending.get(tx.hash) !== entry)
      return refused({
        code: TxRefusalCode.FEE_UNPAYABLE,
        reason: "it could be paid only from a deposit of its fee payer that left the pool: wait for that deposit",
      });
    const entering = this.#store(entry, plan, origin).finally(() => this.#entering.delete(tx.hash));
    this.#entering.set(tx.hash, entering);
    return entering;
  }

  /** INV-10: on disk before it is acknowledged. */
  async #store(entry: PoolEntry, plan: AdmissionPlan, origin: TxOrigin): Promise<Admission> {
    const { contents, journal, logger, rules, onStored, onWithdrawn } = this.#dependencies;
    const { tx, arrival } = entry;
    try {
      await journal.put({ tx, arrival });
    } catch (error) {
      // The store reports this to the operator, once.
      logger.verbose("refusing a transaction because it could not be stored", {
        tx: fieldToHex(tx.hash),
        code: codeOf(error),
        error: messageOf(error),
      });
      contents.withdraw(entry, plan, { code: TxRefusalCode.STORE_FAILED, since: rules.currentSlot() });
      if (plan.replaced.length + plan.displaced.length > 0) await onWithdrawn();
      return refused({
        code: TxRefusalCode.STORE_FAILED,
        reason: "this node could not write the transaction to disk: tell its operator, and use another node",
      });
    }
    if (origin === "local") onStored(entry);
    return { accepted: true, hash: tx.hash };
  }

  #knownAlready(tx: Tx, origin: TxOrigin): Promise<Admission> | Admission | undefined {
    const { mined, pending, waiting } = this.#dependencies.contents;
    if (mined.has(tx.hash))
      return refused({ code: TxRefusalCode.MINED, reason: "it is already in a block: ask for its receipt" });
    if (!(pending.get(tx.hash) ?? waiting.get(tx.hash))) return undefined;
    // A sender who repeats a transaction because the first answer was lost gets the same answer. A peer does not: its
    // copy may have another proof.
    if (origin === "local") return this.#entering.get(tx.hash) ?? { accepted: true, hash: tx.hash };
    return refused({ code: TxRefusalCode.KNOWN, reason: "it is already in the pool" });
  }

  #candidate(tx: Tx, origin: TxOrigin): PoolEntry {
    const { baseFees } = this.#dependencies.rules;
    return createPoolEntry(tx, { arrival: this.#arrivals++, baseFees, submitted: origin !== "local" });
  }

  async #checkProof(tx: Tx): Promise<Refusal | undefined> {
    const { checker, logger } = this.#dependencies;
    try {
      if (await checker.verify(tx)) return undefined;
    } catch (error) {
      logger.warn("a client proof could not be verified: see the error of the proof backend", {
        code: codeOf(error),
        error: messageOf(error),
      });
      return {
        code: TxRefusalCode.PROOF_UNCHECKED,
        reason: "this node could not verify its proof just now: try again, or use another node",
      };
    }
    return {
      code: TxRefusalCode.INVALID_PROOF,
      reason: "its proof does not verify: prove it again with this network's keys",
    };
  }
}

function refused({ code, reason }: Refusal): Admission {
  return { accepted: false, code, reason };
}

function refusalOf(result: Refusal | object): Refusal | undefined {
  return isRefusal(result) ? result : undefined;
}

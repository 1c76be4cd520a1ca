import { detailsOf, type Field, type FieldHasher, Slot, ZERO_FIELD } from "@sprtn/primitives";
import type { AnchorPolicy, MayHaveRun, NodeApi, NodeInfo, PreparedPayment, ProofBackend, Random } from "@sprtn/ports";
import {
  AuthorizationKind,
  CallKind,
  createTx,
  encodeTransferWitness,
  type GasFees,
  type GasSettings,
  maxFeeOf,
  publicInputsFromFields,
  type Tx,
} from "@sprtn/protocol";
import type { AccountKeys } from "../keys/account-keys.js";
import type { Memberships } from "../note-tree/memberships.js";
import type { StoredNote } from "../notes/stored-note.js";
import type { Scanner } from "../scan/scanner.js";
import type { ScanStore } from "../scan/scan-store.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { type BuiltWitness, buildWitness } from "./build-witness.js";
import { commonAnchor, expirationSlot } from "./choose-anchor.js";
import { feePolicyIn, type FeePolicy, gasSettings } from "./gas-settings.js";
import { notesSpent, type PaymentPlan, spendsNotes } from "./payment-plan.js";
import { anchorFor, type Anchors, chooseSpending, type Spending } from "./spendable-notes.js";

export interface PaymentMakerDependencies {
  readonly hasher: FieldHasher;
  readonly random: Random;
  readonly node: Pick<NodeApi, "getBaseFees" | "getCurrentSlot" | "sendTx">;
  readonly proofs: Pick<ProofBackend, "prove">;
  readonly store: ScanStore;
  readonly scanner: Scanner;
  readonly memberships: Memberships;
  readonly accounts: readonly AccountKeys[];
  info(): Promise<NodeInfo>;
}

export interface PaymentMakerSettings {
  readonly fees: FeePolicy;
  /** Full epochs after the current one in which a transaction may be included. */
  readonly lifetimeEpochs: number;
  /** Notes an account keeps apart before payments merge small ones. */
  readonly notesKept: number;
}

/** What the node says, the same to everybody. */
interface Terms {
  readonly info: NodeInfo;
  readonly baseFees: GasFees;
  readonly fees: FeePolicy;
  readonly slot: Slot;
}

export interface SubmitOptions {
  /** These and no others. */
  readonly notes?: readonly StoredNote[] | undefined;
  /** `common` if absent. */
  readonly anchor?: AnchorPolicy | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears the hash just before the transaction leaves. */
  readonly onSending?: ((hash: Field) => void) | undefined;
}

/**
 * From a plan to a transaction in the node's pool: fees, notes, anchor, witness, proof, submission. Several may be
 * under way at once: each holds its notes.
 */
export class PaymentMaker {
  readonly #held = new Set<Field>();

  readonly #dependencies: PaymentMakerDependencies;

  constructor(
    dependencies: PaymentMakerDependencies,
    private readonly settings: PaymentMakerSettings,
  ) {
    this.#dependencies = dependencies;
  }

  /** Notes that can be spent now: neither spent nor meant for another transaction. */
  freeNotes(account: number): StoredNote[] {
    return [...this.#dependencies.store.notes()].filter(
      note => note.account === account && note.spentIn === null && this.#isFree(note),
    );
  }

  /** Resolves with the hash when the node has taken it. Nothing is asked of the node after notes were looked at. */
  async submit(plan: PaymentPlan, options: SubmitOptions = {}): Promise<Field> {
    const prepared = await this.prepare(plan, options);
    return prepared.send(options.onSending);
  }

  /** Makes and proves it. Its notes are held until it is sent or given up. */
  async prepare(plan: PaymentPlan, options: Omit<SubmitOptions, "onSending"> = {}): Promise<PreparedPayment> {
    const terms = await this.#terms();
    const gas = gasSettings(
      {
        kind: plan.call.kind,
        noteCount: spendsNotes(plan) ? 2 : plan.payments.length,
        feePayer: plan.payer?.address ?? ZERO_FIELD,
      },
      terms.baseFees,
      terms.fees,
    );
    this.#checkBalances(plan, gas);
    const spending = this.#choose(plan, { gas, anchors: this.#anchors(terms) }, options);
    const { notes } = spending;
    if (!notes.every(note => this.#isFree(note)))
      throw new WalletError(
        WalletErrorCode.NOTES_IN_FLIGHT,
        "a note is reserved by a transaction in flight: wait for that",
        {},
      );
    for (const note of notes) this.#held.add(note.nullifier);
    const discard = () => {
      for (const note of notes) this.#held.delete(note.nullifier);
    };
    try {
      const tx = await this.#make(plan, spending, { ...terms, gas, signal: options.signal });
      let left = false;
      const send = async (onSending?: (hash: Field) => void) => {
        if (left)
          throw new WalletError(WalletErrorCode.BAD_PAYMENT, "this payment was sent or given up: prepare another one");
        left = true;
        return this.#send(tx, notes, onSending).finally(discard);
      };
      return {
        hash: tx.hash,
        expirationSlot: tx.inputs.expirationSlot,
        send,
        discard: () => {
          if (!left) discard();
          left = true;
        },
      };
    } catch (error) {
      discard();
      throw error;
    }
  }

  /** Free notes that a payment under this anchor could spend, greatest first. */
  async mergeable(account: number, policy: AnchorPolicy): Promise<StoredNote[]> {
    const { common, newest } = this.#anchors(await this.#terms());
    const { number } = policy === "common" ? common : newest;
    const notes = this.freeNotes(account).filter(note => note.block <= number);
    return notes.sort((a, b) => (a.value < b.value ? 1 : a.value > b.value ? -1 : 0));
  }

  /** What merging notes costs when they pay themselves, wei. */
  async mergeFee(): Promise<bigint> {
    const { baseFees, fees } = await this.#terms();
    return maxFeeOf(gasSettings({ kind: CallKind.NONE, noteCount: 2, feePayer: ZERO_FIELD }, baseFees, fees));
  }

  async #terms(): Promise<Terms> {
    const { node, info } = this.#dependencies;
    const [known, baseFees, slot] = await Promise.all([info(), node.getBaseFees(), node.getCurrentSlot()]);
    return { info: known, baseFees, fees: feePolicyIn(known.parameters, this.settings.fees), slot };
  }

  #anchors({ info, slot }: Terms): Anchors {
    const { store, scanner } = this.#dependencies;
    const { epochDuration } = info.parameters;
    const { blocks } = store;
    const common = commonAnchor({ blocks, finalized: scanner.finalized, currentSlot: slot, epochDuration });
    return {
      common,
      newest: blocks.at(-1) ?? common,
      nextEpochSlot: Slot(slot - (slot % epochDuration) + epochDuration),
    };
  }

  /** A call that reverts costs its fee, so the wallet looks first; what is pending in the pool it cannot see. */
  #checkBalances({ sender, payer, call }: PaymentPlan, gas: GasSettings): void {
    const due = new Map<number, bigint>();
    const debit = (account: AccountKeys | undefined, wei: bigint) => {
      if (account !== undefined) due.set(account.index, (due.get(account.index) ?? 0n) + wei);
    };
    debit(sender, call.amount);
    debit(payer, maxFeeOf(gas));
    if (call.kind === CallKind.DEPOSIT) debit(payer, -call.amount);
    for (const [account, wei] of due) {
      const available = this.#dependencies.store.publicBalance(account);
      if (available < wei)
        throw new WalletError(
          WalletErrorCode.INSUFFICIENT_BALANCE,
          `account ${account} holds ${available} wei, but ${wei} are needed including the fee: deposit more`,
          { account, needed: wei, available },
        );
    }
  }

  #choose(
    plan: PaymentPlan,
    { gas, anchors }: { readonly gas: GasSettings; readonly anchors: Anchors },
    { notes, anchor }: SubmitOptions,
  ): Spending {
    const policy = anchor ?? "common";
    if (notes !== undefined) return { notes, anchor: anchorFor(notes, anchors, policy) };
    if (!spendsNotes(plan)) return { notes: [], anchor: anchors.common };
    const needed = notesSpent(plan) + (plan.payer === undefined ? maxFeeOf(gas) : 0n);
    const free = this.freeNotes(plan.owner.index);
    const inFlight = [...this.#dependencies.store.notes()].filter(
      note => note.account === plan.owner.index && note.spentIn === null && !this.#isFree(note),
    );
    const choice = {
      needed,
      free,
      inFlight: inFlight.reduce((sum, note) => sum + note.value, 0n),
      keepAtMost: this.settings.notesKept,
    };
    return chooseSpending(choice, anchors, policy);
  }

  async #make(
    plan: PaymentPlan,
    { notes, anchor }: Spending,
    { info, slot, gas, signal }: Terms & { readonly gas: GasSettings; readonly signal: AbortSignal | undefined },
  ): Promise<Tx> {
    const { hasher, memberships, proofs } = this.#dependencies;
    const membership = memberships.membership(notes, anchor);
    const built = buildWitness(this.#dependencies, plan, {
      chainId: info.l1ChainId,
      rollupVersion: info.rollupVersion,
      anchorNoteHashRoot: membership.root,
      expirationSlot: expirationSlot(slot, info.parameters.epochDuration, this.settings.lifetimeEpochs),
      gas,
      notes: membership.notes,
    });
    const proof = await proofs.prove("transfer", encodeTransferWitness(built.witness), signal);
    const tx = createTx(hasher, {
      authorization: AuthorizationKind.PROOF,
      inputs: publicInputsFromFields(proof.publicInputs),
      encryptedNotes: built.encryptedNotes,
      proof: proof.bytes,
    });
    this.#expectOwn(tx, built);
    return tx;
  }

  /** What comes back to this wallet need not be decrypted. */
  #expectOwn(tx: Tx, { outputs, witness }: BuiltWitness): void {
    const { accounts, scanner } = this.#dependencies;
    outputs.forEach(({ to, value }, i) => {
      const own = accounts.find(keys => keys.npk === to.npk);
      const made = witness.outputs[i as 0 | 1];
      if (own !== undefined)
        scanner.expect(tx.inputs.noteHashes[i as 0 | 1], { account: own.index, value, randomness: made.randomness });
    });
  }

  /**
   * The reservation is on disk before the transaction leaves, and gone again if it is refused. A call without an answer
   * may have arrived: then the notes stay reserved until it expires or is reported as dropped.
   */
  async #send(tx: Tx, notes: readonly StoredNote[], onSending?: (hash: Field) => void): Promise<Field> {
    const { node, store } = this.#dependencies;
    const reservations = notes.map(({ nullifier }) => ({
      nullifier,
      txHash: tx.hash,
      expirationSlot: tx.inputs.expirationSlot,
    }));
    await store.write({ reservations });
    onSending?.(tx.hash);
    try {
      return await node.sendTx(tx);
    } catch (error) {
      if (!(detailsOf(error) as Partial<MayHaveRun>).mayHaveRun)
        await store.write({ removedReservations: reservations });
      throw error;
    }
  }

  #isFree(note: StoredNote): boolean {
    return !this.#held.has(note.nullifier) && !this.#dependencies.store.isReserved(note.nullifier);
  }
}

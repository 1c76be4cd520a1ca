import { CodedError, type Field } from "@sprtn/primitives";
import { checkTxShape, constants, type Tx } from "@sprtn/protocol";
import type { LeftOut } from "@sprtn/ports";

/** What waits for a block, and why the rest was dropped. */
export class FakePool {
  readonly #pending = new Map<Field, Tx>();
  readonly #dropped = new Map<Field, string>();

  get txs(): readonly Tx[] {
    return [...this.#pending.values()];
  }

  get(hash: Field): Tx | undefined {
    return this.#pending.get(hash);
  }

  /** Code of the reason for which a transaction was dropped. */
  whyDropped(hash: Field): string | undefined {
    return this.#dropped.get(hash);
  }

  /**
   * The checks of TX-1 that need no history; the rest shows when the block is built.
   * @throws CodedError with `refusal`, or with the code of the rule that the transaction breaks
   */
  admit(tx: Tx, refusal: string | undefined, isUsed: (nullifier: Field) => boolean): void {
    const [violation] = checkTxShape(tx.inputs);
    const spent = tx.inputs.nullifiers.some(
      nullifier => isUsed(nullifier) || this.txs.some(other => other.inputs.nullifiers.includes(nullifier)),
    );
    const code =
      refusal ??
      violation?.code ??
      (spent ? "TX_NULLIFIER_USED" : undefined) ??
      (tx.proof.length === constants.CLIENT_PROOF_BYTES ? undefined : "TX_BAD_PROOF");
    if (code !== undefined)
      throw new CodedError(code, `the fake node refuses the transaction: ${violation?.reason ?? code}`);
    this.#pending.set(tx.hash, tx);
  }

  /** A block that held these is gone. */
  putBack(txs: readonly Tx[]): void {
    for (const tx of txs) this.#pending.set(tx.hash, tx);
  }

  /** A block holds `included`. What was left out and waits for a later block stays; the rest is dropped. */
  settle(included: readonly Tx[], leftOut: readonly LeftOut[]): void {
    for (const { hash } of included) this.#pending.delete(hash);
    for (const { tx, reason } of leftOut) if (!waits.has(reason.code)) this.drop(tx.hash, reason.code);
  }

  drop(hash: Field, code: string): void {
    this.#pending.delete(hash);
    this.#dropped.set(hash, code);
  }
}

/** Reasons that a later block may not have. */
const waits: ReadonlySet<string> = new Set(["TX_BLOCK_FULL", "TX_MESSAGE_ABSENT", "TX_MAX_FEE_TOO_LOW"]);

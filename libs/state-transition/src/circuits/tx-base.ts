import { addressFromField, type Field, type FieldHasher, ZERO_FIELD } from "@sprtn/primitives";
import {
  balanceSlot,
  CallKind,
  constants as protocol,
  costOf,
  gasOf,
  hashEncryptedNotes,
  hashTx,
  hashTxEffect,
  hashWithdrawal,
  maxFeeOf,
  NO_ENCRYPTED_NOTES,
  NO_WRITE,
  publicInputsFromFields,
  type PublicDataWrite,
  tipsPerGas,
  type TreeSnapshot,
  type TxEffect,
} from "@sprtn/protocol";
import { constrain } from "./circuit-error.js";
import type { TxBaseInputs } from "./circuit-inputs.js";
import { hashConstants, type SpanPublicInputs } from "./public-inputs.js";
import { appendSubtree, checkArchiveOpening, climb, followStep, readSlot } from "./tree-steps.js";

/** Balances as the circuit follows them: each write's step shows the value before it. */
class BalanceTrace {
  #next = 0;

  constructor(
    private readonly hasher: FieldHasher,
    private readonly inputs: TxBaseInputs,
    public tree: TreeSnapshot,
  ) {}

  /** Adds `delta` wei to an address's balance; the step shows what it was. */
  change(address: Field, delta: bigint): PublicDataWrite {
    const slot = balanceSlot(this.hasher, address);
    const step = this.inputs.writeSteps[this.#next++];
    constrain(step !== undefined, "a public data write has no witness");
    const value = (step.isUpdate ? step.low.value : 0n) + delta;
    constrain(value >= 0n, "a balance would be negative");
    constrain(value >> 128n === 0n, "a balance would exceed u128");
    this.tree = followStep(this.hasher, this.tree, { kind: "public-data", step, key: slot, value: value as Field });
    return { slot, value: value as Field };
  }

  finish(): void {
    constrain(this.#next === this.inputs.writeSteps.length, "there are more write witnesses than writes");
  }
}

/**
 * Tx base (`libs/protocol/spec/circuits.md`): one transaction's proof, checks, state updates and effects. The transfer
 * proof itself is verified by the caller.
 */
export function txBaseCircuit(hasher: FieldHasher, inputs: TxBaseInputs): SpanPublicInputs {
  const { constants, start } = inputs;
  const tx = publicInputsFromFields(inputs.transfer.publicInputs);
  const { call } = tx;
  constrain(
    tx.chainId === constants.chainId && tx.rollupVersion === constants.rollupVersion,
    "transaction is for another chain or version",
  );
  constrain(constants.slot <= tx.expirationSlot, "transaction is expired");
  checkArchiveOpening(hasher, inputs.anchor, { archive: constants.lastArchive, what: "anchor block" });
  constrain(inputs.anchor.state.noteHashes.root === tx.anchorNoteHashRoot, "anchor root is not the anchor block's");
  constrain(
    hashEncryptedNotes(hasher, inputs.encryptedNotes) === tx.encryptedNotesHash,
    "encrypted notes are not those of the proof",
  );
  if (call.kind === CallKind.DEPOSIT) {
    const { message } = inputs;
    constrain(
      message !== null &&
        message.path.length === protocol.MESSAGE_TREE_DEPTH &&
        climb(hasher, call.message, Number(message.index), message.path) === constants.messageRoot,
      "message is not in the message tree",
    );
  }

  const gas = gasOf(tx);
  constrain(gas.l2 <= BigInt(tx.gas.l2GasLimit) && gas.da <= BigInt(tx.gas.daGasLimit), "gas limit is too low");
  constrain(
    tx.gas.maxFees.perL2Gas >= constants.baseFees.perL2Gas && tx.gas.maxFees.perDaGas >= constants.baseFees.perDaGas,
    "max fee is below the base fee",
  );
  const tip = costOf(gas, tipsPerGas(tx.gas, constants.baseFees));
  const fromNotes = tx.feePayer === 0n;
  const fee = fromNotes ? maxFeeOf(tx.gas) : costOf(gas, constants.baseFees) + tip;

  const trace = new BalanceTrace(hasher, inputs, start.publicData);
  const deposits = call.kind === CallKind.DEPOSIT;
  const debits = call.kind === CallKind.TRANSFER || call.kind === CallKind.SHIELD || call.kind === CallKind.WITHDRAW;
  const credits = call.kind === CallKind.TRANSFER || call.kind === CallKind.UNSHIELD;
  const deposited = deposits ? trace.change(call.target, call.amount) : NO_WRITE;
  const paid = fromNotes ? NO_WRITE : trace.change(tx.feePayer, -fee);
  const reverted = debits && inputs.revert !== null;
  if (reverted && inputs.revert !== null) {
    constrain(
      readSlot(hasher, trace.tree, { proof: inputs.revert, slot: balanceSlot(hasher, tx.publicSender) }) < call.amount,
      "a call that could run must not revert",
    );
  }
  const debited = debits && !reverted ? trace.change(tx.publicSender, -call.amount) : NO_WRITE;
  const credited = credits && !reverted ? trace.change(call.target, call.amount) : NO_WRITE;
  const tipped = tip > 0n ? trace.change(constants.feeRecipient, tip) : NO_WRITE;
  trace.finish();

  const dropNotes = reverted && call.kind === CallKind.SHIELD;
  const effect: TxEffect = {
    txHash: hashTx(hasher, tx),
    reverted,
    fee,
    nullifiers: tx.nullifiers,
    noteHashes: dropNotes ? [ZERO_FIELD, ZERO_FIELD] : tx.noteHashes,
    writes: deposits ? [deposited, paid, credited, tipped] : [paid, debited, credited, tipped],
    l2ToL1Message:
      call.kind === CallKind.WITHDRAW && !reverted
        ? hashWithdrawal(
            { chainId: constants.chainId, rollupVersion: constants.rollupVersion, feePortal: constants.feePortal },
            addressFromField(call.target),
            call.amount,
          )
        : ZERO_FIELD,
    encryptedNotes: dropNotes ? NO_ENCRYPTED_NOTES : inputs.encryptedNotes,
  };

  let nullifiers = start.nullifiers;
  inputs.nullifierSteps.forEach((step, i) => {
    constrain(!step.isUpdate, "a nullifier is inserted, never updated");
    nullifiers = followStep(hasher, nullifiers, {
      kind: "nullifier",
      step,
      key: tx.nullifiers[i as 0 | 1],
      value: ZERO_FIELD,
    });
  });
  const noteHashes = appendSubtree(hasher, start.noteHashes, {
    node: hasher.hash([...effect.noteHashes]),
    height: 1,
    path: inputs.notePath,
    what: "note hashes",
  });
  return {
    constantsHash: hashConstants(hasher, constants),
    keyTreeRoot: constants.keyTreeRoot,
    start,
    end: { noteHashes, nullifiers, publicData: trace.tree },
    effectsHash: hashTxEffect(effect),
    outHash: effect.l2ToL1Message,
    baseFees: fee - tip,
    tips: tip,
    l2Gas: gas.l2,
    daGas: gas.da,
    txCount: 1n,
  };
}

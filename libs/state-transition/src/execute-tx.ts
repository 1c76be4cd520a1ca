import { type Field, ZERO_FIELD } from "@sprtn/primitives";
import {
  addressOfWithdrawal,
  CallKind,
  costOf,
  type Four,
  type Gas,
  gasOf,
  hashWithdrawal,
  maxFeeOf,
  NO_ENCRYPTED_NOTES,
  NO_WRITE,
  type PublicDataWrite,
  tipsPerGas,
  type Tx,
  type TxEffect,
} from "@sprtn/protocol";
import type { BlockEnvironment, ExecutionLookups } from "./block-environment.js";
import type { Draft } from "./draft.js";
import { Exclusion, ExclusionCode } from "./exclusion.js";

/** What a transaction is executed on. */
export interface ExecuteTxDependencies {
  readonly draft: Draft;
  readonly lookups: ExecutionLookups;
}

/** A transaction's part of a block. */
export interface TxExecution {
  readonly effect: TxEffect;
  readonly gas: Gas;
  /** Burnt on L2, wei. */
  readonly burnt: bigint;
  /** Paid to the proposer's fee recipient, wei. */
  readonly tip: bigint;
}

const U128 = 2n ** 128n;

/**
 * Executes a transaction on top of a draft and adds it to it. Its proof and shape have been checked.
 * @throws Exclusion if it cannot be in this block; the draft is unchanged then
 */
export function executeTx(dependencies: ExecuteTxDependencies, tx: Tx, block: BlockEnvironment): TxExecution {
  const { draft } = dependencies;
  const { inputs } = tx;
  const gas = checkIncludable(dependencies, tx, block);
  const tips = tipsPerGas(inputs.gas, block.baseFees);
  const tip = costOf(gas, tips);
  const fee = inputs.feePayer === 0n ? maxFeeOf(inputs.gas) : costOf(gas, block.baseFees) + tip;

  const balances = new Map<Field, bigint>();
  const balance = (slot: Field) => balances.get(slot) ?? draft.balanceAt(slot);
  const write = (slot: Field, value: bigint): PublicDataWrite => {
    // TX-3: balances stay below 2^128.
    if (value >= U128)
      throw new Exclusion(
        ExclusionCode.BALANCE_OVERFLOW,
        "the credited balance would reach 2^128 wei: pay less, or pay to another account",
      );
    balances.set(slot, value);
    return { slot, value: value as Field };
  };
  const { call } = inputs;
  let [first, second, third, fourth]: Four<PublicDataWrite> = [NO_WRITE, NO_WRITE, NO_WRITE, NO_WRITE];

  // TX-3: a deposit credits before the fee is charged.
  if (call.kind === CallKind.DEPOSIT) {
    const slot = draft.slotOf(call.target);
    first = write(slot, balance(slot) + call.amount);
  }
  // TX-3: a fee that cannot be paid keeps the transaction out.
  if (inputs.feePayer !== 0n) {
    const slot = draft.slotOf(inputs.feePayer);
    if (balance(slot) < fee)
      throw new Exclusion(
        ExclusionCode.FEE_UNPAYABLE,
        `the fee payer holds ${balance(slot)} wei, but the fee is ${fee}: fund the account or lower the gas settings`,
      );
    const paid = write(slot, balance(slot) - fee);
    if (call.kind === CallKind.DEPOSIT) second = paid;
    else first = paid;
  }
  // TX-3: a call that cannot run reverts; nullifiers and fee stay.
  const debits = call.kind === CallKind.TRANSFER || call.kind === CallKind.SHIELD || call.kind === CallKind.WITHDRAW;
  const senderSlot = debits ? draft.slotOf(inputs.publicSender) : ZERO_FIELD;
  const reverted = debits && balance(senderSlot) < call.amount;
  if (debits && !reverted) second = write(senderSlot, balance(senderSlot) - call.amount);
  if (!reverted && (call.kind === CallKind.TRANSFER || call.kind === CallKind.UNSHIELD)) {
    const slot = draft.slotOf(call.target);
    third = write(slot, balance(slot) + call.amount);
  }
  if (tip > 0n) {
    const slot = draft.slotOf(block.feeRecipient);
    if (balance(slot) + tip >= U128)
      throw new Exclusion(
        ExclusionCode.FEE_RECIPIENT_FULL,
        "the balance of this block's fee recipient would reach 2^128 wei: the transaction waits for another proposer",
      );
    fourth = write(slot, balance(slot) + tip);
  }
  const dropNotes = reverted && call.kind === CallKind.SHIELD;
  const effect: TxEffect = {
    txHash: tx.hash,
    reverted,
    fee,
    nullifiers: inputs.nullifiers,
    noteHashes: dropNotes ? [ZERO_FIELD, ZERO_FIELD] : inputs.noteHashes,
    writes: [first, second, third, fourth],
    l2ToL1Message:
      call.kind === CallKind.WITHDRAW && !reverted
        ? hashWithdrawal(block.chain, addressOfWithdrawal(call), call.amount)
        : ZERO_FIELD,
    encryptedNotes: dropNotes ? NO_ENCRYPTED_NOTES : tx.encryptedNotes,
  };
  draft.accept({ writes: effect.writes, nullifiers: effect.nullifiers, gas });
  return { effect, gas, burnt: fee - tip, tip };
}

/** What must hold before anything is touched; returns the gas used. */
function checkIncludable({ draft, lookups }: ExecuteTxDependencies, tx: Tx, block: BlockEnvironment): Gas {
  const { inputs } = tx;
  if (inputs.chainId !== block.chain.chainId || inputs.rollupVersion !== block.chain.rollupVersion) {
    throw new Exclusion(
      ExclusionCode.WRONG_CHAIN,
      `the transaction is for chain ${inputs.chainId}, version ${inputs.rollupVersion}: build it again for this ` +
        "deployment",
    );
  }
  if (block.slot > inputs.expirationSlot)
    throw new Exclusion(
      ExclusionCode.EXPIRED,
      `the transaction expired after slot ${inputs.expirationSlot}: build it again`,
    );
  const anchor = lookups.anchorBlock(inputs.anchorNoteHashRoot);
  if (anchor === undefined || anchor >= block.number)
    throw new Exclusion(
      ExclusionCode.UNKNOWN_ANCHOR,
      "no block has this note hash root: build the transaction on a block of this chain",
    );
  const [one, two] = inputs.nullifiers;
  if (one === two || draft.hasNullifier(one) || draft.hasNullifier(two))
    throw new Exclusion(ExclusionCode.NULLIFIER_USED, "a nullifier already exists: its note or message is spent");
  const gas = gasOf(inputs);
  if (gas.l2 > BigInt(inputs.gas.l2GasLimit) || gas.da > BigInt(inputs.gas.daGasLimit)) {
    throw new Exclusion(
      ExclusionCode.GAS_LIMIT_TOO_LOW,
      `the transaction uses ${gas.l2} L2 gas and ${gas.da} DA gas: raise its limits`,
    );
  }
  if (inputs.gas.maxFees.perL2Gas < block.baseFees.perL2Gas || inputs.gas.maxFees.perDaGas < block.baseFees.perDaGas) {
    throw new Exclusion(
      ExclusionCode.MAX_FEE_TOO_LOW,
      `base fees are ${block.baseFees.perL2Gas} and ${block.baseFees.perDaGas} wei per gas: raise the maximum fees ` +
        "or wait",
    );
  }
  if (draft.gas.l2 + gas.l2 > 2n * block.gasTarget.l2 || draft.gas.da + gas.da > 2n * block.gasTarget.da) {
    throw new Exclusion(
      ExclusionCode.BLOCK_FULL,
      "the block's gas limit is reached: the transaction waits for the next block",
    );
  }
  if (inputs.call.kind === CallKind.DEPOSIT) {
    const index = lookups.messageIndex(inputs.call.message);
    if (index === undefined || !draft.holdsMessage(index, inputs.call.message)) {
      throw new Exclusion(
        ExclusionCode.MESSAGE_ABSENT,
        "no block contains the L1→L2 message yet: wait until its subtree is consumed",
      );
    }
  }
  return gas;
}

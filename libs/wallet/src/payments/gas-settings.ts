import { type Field, ZERO_FIELD } from "@sprtn/primitives";
import {
  type CallKind,
  feesAreOff,
  type GasFees,
  gasOf,
  type GasSettings,
  type RollupParameters,
} from "@sprtn/protocol";

export interface FeePolicy {
  /**
   * Max fee per gas in percent of the next block's base fee, at least, for a public payer: what is not used is not
   * charged.
   */
  readonly publicMarginPercent: number;
  /** The same for a fee from notes, which is charged in full. */
  readonly notesMarginPercent: number;
  /** Wei per gas for the proposer, at least. */
  readonly priorityFees: GasFees;
}

const MAX_FEE_PER_GAS = 2n ** 64n - 1n;

/**
 * PRIV-3. The next power of two, 0 for 0, at most 2^64 − 1: base fees change with every block, so a fee on no grid
 * would tell
 * the block that a wallet had seen, and its user's margin.
 */
export function onFeeGrid(fee: bigint): bigint {
  if (fee <= 1n) return fee;
  const power = 1n << BigInt((fee - 1n).toString(2).length);
  return power > MAX_FEE_PER_GAS ? MAX_FEE_PER_GAS : power;
}

/** `policy`, but for a network whose base fees never rise: there a margin would only be charged. */
export function feePolicyIn(
  parameters: Pick<RollupParameters, "initialBaseFees" | "gasTarget">,
  policy: FeePolicy,
): FeePolicy {
  return feesAreOff(parameters) ? { ...policy, publicMarginPercent: 100, notesMarginPercent: 100 } : policy;
}

/**
 * Limits at what the transaction uses, no teardown; fees that leave room for the base fees to rise. `noteCount` =
 * outputs that are there.
 */
export function gasSettings(
  tx: { readonly kind: CallKind; readonly noteCount: number; readonly feePayer: Field },
  baseFees: GasFees,
  policy: FeePolicy,
): GasSettings {
  const margin = BigInt(tx.feePayer === ZERO_FIELD ? policy.notesMarginPercent : policy.publicMarginPercent);
  const priorityFees = {
    perL2Gas: onFeeGrid(policy.priorityFees.perL2Gas),
    perDaGas: onFeeGrid(policy.priorityFees.perDaGas),
  };
  const max = (base: bigint, priority: bigint): bigint => onFeeGrid((base * margin + 99n) / 100n + priority);
  const settings: GasSettings = {
    l2GasLimit: 0,
    daGasLimit: 0,
    l2TeardownGasLimit: 0,
    daTeardownGasLimit: 0,
    maxFees: {
      perL2Gas: max(baseFees.perL2Gas, priorityFees.perL2Gas),
      perDaGas: max(baseFees.perDaGas, priorityFees.perDaGas),
    },
    priorityFees,
  };
  // Only which note hashes are 0 counts for gas.
  const present = (index: number) => (index < tx.noteCount ? 1n : 0n) as Field;
  const used = gasOf({
    call: { kind: tx.kind, target: ZERO_FIELD, amount: 0n, message: ZERO_FIELD },
    noteHashes: [present(0), present(1)],
    feePayer: tx.feePayer,
    gas: settings,
  });
  return { ...settings, l2GasLimit: Number(used.l2), daGasLimit: Number(used.da) };
}

import type { GasFees } from "./header.js";
import {
  DA_GAS_BYTE,
  L2_GAS_MESSAGE,
  L2_GAS_NOTE,
  L2_GAS_NULLIFIER,
  L2_GAS_TX,
  L2_GAS_WRITE,
  NULLIFIERS_PER_TX,
  TX_EFFECT_BYTES,
} from "./generated/constants.js";
import { CallKind, type GasSettings, type TxPublicInputs } from "./tx-public-inputs.js";

/** Gas of each kind, in units of gas. */
export interface Gas {
  readonly l2: bigint;
  readonly da: bigint;
}

const callWrites: Readonly<Record<CallKind, number>> = {
  [CallKind.NONE]: 0,
  [CallKind.TRANSFER]: 2,
  [CallKind.SHIELD]: 1,
  [CallKind.UNSHIELD]: 1,
  [CallKind.DEPOSIT]: 1,
  [CallKind.WITHDRAW]: 1,
};

/** TX-2: fixed by what the transaction declares, not by the state. */
export function gasOf(inputs: Pick<TxPublicInputs, "call" | "noteHashes" | "feePayer" | "gas">): Gas {
  const notes = inputs.noteHashes.filter(hash => hash !== 0n).length;
  const writes = 1 + (inputs.feePayer === 0n ? 0 : 1) + callWrites[inputs.call.kind];
  const message = inputs.call.kind === CallKind.WITHDRAW ? L2_GAS_MESSAGE : 0;
  return {
    l2: BigInt(
      L2_GAS_TX +
        L2_GAS_NULLIFIER * NULLIFIERS_PER_TX +
        L2_GAS_NOTE * notes +
        L2_GAS_WRITE * writes +
        message +
        inputs.gas.l2TeardownGasLimit,
    ),
    da: BigInt(DA_GAS_BYTE * TX_EFFECT_BYTES + inputs.gas.daTeardownGasLimit),
  };
}

/** What the cheapest transaction uses: one of kind `none` that pays from notes and makes none. */
export const SMALLEST_GAS: Gas = {
  l2: BigInt(L2_GAS_TX + L2_GAS_NULLIFIER * NULLIFIERS_PER_TX + L2_GAS_WRITE),
  da: BigInt(DA_GAS_BYTE * TX_EFFECT_BYTES),
};

/** The most a sender can be charged, wei (`libs/protocol/spec/transactions.md`). */
export function maxFeeOf(gas: GasSettings): bigint {
  return gas.maxFees.perL2Gas * BigInt(gas.l2GasLimit) + gas.maxFees.perDaGas * BigInt(gas.daGasLimit);
}

/**
 * What one unit of each gas pays its proposer above the base fee: min(priority, max − base). The caller has checked max
 * ≥ base.
 */
export function tipsPerGas(gas: GasSettings, baseFees: GasFees): GasFees {
  const tip = (priority: bigint, max: bigint, base: bigint) => (priority < max - base ? priority : max - base);
  return {
    perL2Gas: tip(gas.priorityFees.perL2Gas, gas.maxFees.perL2Gas, baseFees.perL2Gas),
    perDaGas: tip(gas.priorityFees.perDaGas, gas.maxFees.perDaGas, baseFees.perDaGas),
  };
}

/** What `gas` costs at these fees, L2-AZT wei. */
export function costOf(gas: Gas, fees: GasFees): bigint {
  return gas.l2 * fees.perL2Gas + gas.da * fees.perDaGas;
}

const MAX_BASE_FEE = 2n ** 64n - 1n;

/** TX-2: one kind of gas's base fee in the next block (EIP-1559's rule; `target` in gas per block). */
export function nextBaseFee(fee: bigint, used: bigint, target: bigint): bigint {
  const distance = used > target ? used - target : target - used;
  const delta = (fee * distance) / (8n * target);
  if (used > target) {
    const raised = fee + (delta > 0n ? delta : 1n);
    return raised > MAX_BASE_FEE ? MAX_BASE_FEE : raised;
  }
  const lowered = fee - delta;
  return lowered > 1n ? lowered : 1n;
}

/** Both base fees of the block after one with these fees and totals. */
export function nextBaseFees(fees: GasFees, used: Gas, target: Gas): GasFees {
  return {
    perL2Gas: nextBaseFee(fees.perL2Gas, used.l2, target.l2),
    perDaGas: nextBaseFee(fees.perDaGas, used.da, target.da),
  };
}

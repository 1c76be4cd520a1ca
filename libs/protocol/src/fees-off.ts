import { MAX_TXS_PER_BLOCK } from "./generated/constants.js";
import type { RollupParameters } from "./rollup-parameters.js";

/** A transaction uses no more than its limits, and those have 32 bits. */
const MOST_TX_GAS = 2n ** 32n - 1n;
const MOST_BLOCK_GAS = BigInt(MAX_TXS_PER_BLOCK) * MOST_TX_GAS;

type FeeParameters = Pick<RollupParameters, "initialBaseFees" | "gasTarget">;

/**
 * TX-2: the parameters of a network without fees. L1 knows no base fee below 1 wei per gas; as no block can use more
 * gas than this target, the fees never leave that least (ADR 0058).
 */
export const FEES_OFF: FeeParameters = {
  initialBaseFees: { perL2Gas: 1n, perDaGas: 1n },
  gasTarget: { l2: MOST_BLOCK_GAS, da: MOST_BLOCK_GAS },
};

/** Whether base fees are 1 wei per gas in every block, however full blocks are. */
export function feesAreOff({ initialBaseFees, gasTarget }: FeeParameters): boolean {
  const isHeld = (fee: bigint, target: bigint) => fee === 1n && target >= MOST_BLOCK_GAS;
  return isHeld(initialBaseFees.perL2Gas, gasTarget.l2) && isHeld(initialBaseFees.perDaGas, gasTarget.da);
}

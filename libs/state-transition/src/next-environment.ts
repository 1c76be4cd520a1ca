import { BlockNumber, type EthAddress, type Field, type Slot, UnixSeconds } from "@sprtn/primitives";
import { type BlockHeader, type Deployment, nextBaseFees } from "@sprtn/protocol";
import type { BlockEnvironment } from "./block-environment.js";

/** What a proposer chooses of its block besides the transactions. */
export interface ProposerChoices {
  readonly slot: Slot;
  readonly coinbase: EthAddress;
  readonly feeRecipient: Field;
  readonly maxTxs: number;
}

/**
 * The environment of the block after `parent` in a slot: number, timestamp and base fees follow from the deployment
 * (PEND-1, PEND-2, PEND-6).
 */
export function nextEnvironment(
  deployment: Pick<Deployment, "chainId" | "rollupVersion" | "contracts" | "parameters">,
  parent: BlockHeader,
  choices: ProposerChoices,
): BlockEnvironment {
  const { parameters } = deployment;
  return {
    ...choices,
    chain: {
      chainId: deployment.chainId,
      rollupVersion: deployment.rollupVersion,
      feePortal: deployment.contracts.feePortal,
    },
    number: BlockNumber(parent.number + 1),
    timestamp: UnixSeconds(parameters.genesisTime + choices.slot * parameters.slotDuration),
    baseFees: nextBaseFees(parent.baseFees, { l2: parent.totalL2Gas, da: parent.totalDaGas }, parameters.gasTarget),
    gasTarget: parameters.gasTarget,
  };
}

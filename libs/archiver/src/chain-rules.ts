import type { ChainIdentity, Deployment, L2Block } from "@sprtn/protocol";
import { hashHeader } from "@sprtn/protocol";

/** What a deployment fixes and the archiver judges by. */
export type ArchivedDeployment = Pick<Deployment, "chainId" | "rollupVersion" | "l1StartBlock" | "genesis"> & {
  readonly parameters: Pick<Deployment["parameters"], "genesisTime" | "slotDuration" | "epochDuration" | "gasTarget">;
  readonly contracts: Pick<Deployment["contracts"], "rollup" | "feePortal">;
};

/** Block 0: it has no transactions and was never proposed. */
export function genesisBlock({ genesis }: Pick<ArchivedDeployment, "genesis">): L2Block {
  return { header: genesis.header, headerHash: hashHeader(genesis.header), archive: genesis.archive, effects: [] };
}

export function identityOf({ chainId, rollupVersion, contracts }: ArchivedDeployment): ChainIdentity {
  return { chainId, rollupVersion, feePortal: contracts.feePortal };
}

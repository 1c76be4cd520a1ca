import { MemoryNodeStore } from "@sprtn/merkle-trees";
import type { FieldHasher } from "@sprtn/primitives";
import type { L2Block, RollupParameters } from "@sprtn/protocol";
import { applyGenesis, perTree, RollupState } from "@sprtn/state-transition";

/** Block 0 of a deployment with these parameters, which L1 gets at deployment and every node starts from. */
export function genesisOf(
  hasher: FieldHasher,
  parameters: Pick<RollupParameters, "genesisTime" | "initialBaseFees">,
): L2Block {
  return applyGenesis(new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher }), parameters);
}

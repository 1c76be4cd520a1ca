import { NodeService } from "@sprtn/node-service";
import type { Deployment } from "@sprtn/protocol";
import type { TxPool } from "@sprtn/tx-pool";
import type { ChainParts } from "./chain.js";
import type { Network } from "./network.js";
import type { NodePorts } from "./node-ports.js";
import type { ValidatorParts } from "./validator.js";

/** What answers are put together from. */
export interface NodeServiceParts {
  readonly chain: ChainParts;
  readonly network: Pick<Network, "view">;
  readonly pool: TxPool;
  readonly validator: Pick<ValidatorParts, "proposals" | "attestations">;
}

/** What answers RPC, and wallets in the same process. */
export function assembleNodeService(
  { clock, heads }: Pick<NodePorts, "clock" | "heads">,
  { chain, network, pool, validator }: NodeServiceParts,
  options: {
    readonly version: string;
    readonly roles: ReadonlySet<string>;
    readonly deployment: Deployment;
    readonly density?: number;
  },
): NodeService {
  return new NodeService(
    {
      blocks: chain.archiver,
      txs: pool,
      proposals: validator.proposals,
      attestations: validator.attestations,
      droppedCode: hash => {
        const stage = pool.stageOf(hash);
        return stage?.stage === "dropped" ? stage.code : undefined;
      },
      views: chain.worldState,
      committees: chain.askedCommittees,
      network: network.view,
      clock,
      l1Time: heads,
    },
    {
      version: options.version,
      roles: [...options.roles],
      deployment: options.deployment,
      density: options.density ?? 1,
    },
  );
}

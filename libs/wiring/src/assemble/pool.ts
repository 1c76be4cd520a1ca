import type { Deployment } from "@sprtn/protocol";
import { TxPool } from "@sprtn/tx-pool";
import type { TxPoolSettings } from "@sprtn/tx-pool/settings";
import type { ProofBackend } from "@sprtn/ports";
import type { ChainParts } from "./chain.js";
import type { Network } from "./network.js";
import type { NodePorts } from "./node-ports.js";
import type { Stores } from "./stores.js";

/** What the pool is put together from, besides ports. */
export interface PoolParts {
  readonly chain: Pick<ChainParts, "worldState" | "archiver">;
  readonly network: Pick<Network, "gossip" | "requests">;
  readonly proofs: ProofBackend;
  readonly stores: Pick<Stores, "pool">;
}

/** The pool of transactions that wait for a block. */
export function assemblePool(
  ports: Pick<NodePorts, "hasher" | "txDecoder" | "clock" | "heads" | "logger" | "meter">,
  { chain, network, proofs, stores }: PoolParts,
  { deployment, txPool }: { readonly deployment: Deployment; readonly txPool: TxPoolSettings },
): TxPool {
  const { hasher, txDecoder: decoder, clock, heads, logger, meter } = ports;
  return new TxPool(
    {
      states: chain.worldState,
      blocks: chain.archiver,
      gossip: network.gossip,
      requests: network.requests,
      proofs,
      store: stores.pool,
      hasher,
      decoder,
      clock,
      l1Time: heads,
      logger: logger.child("pool"),
      meter,
    },
    {
      ...txPool,
      chain: { chainId: deployment.chainId, rollupVersion: deployment.rollupVersion },
      parameters: deployment.parameters,
    },
  );
}

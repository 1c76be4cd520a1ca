import type { Deployment } from "@sprtn/protocol";
import { Sentinel } from "@sprtn/sentinel";
import type { SentinelSettings } from "@sprtn/sentinel/settings";
import type { SequencerOptions } from "@sprtn/sequencer/settings";
import type { TxPool } from "@sprtn/tx-pool";
import type { ChainParts } from "./chain.js";
import type { Network } from "./network.js";
import type { NodePorts } from "./node-ports.js";
import { Prefix, type Stores } from "./stores.js";
import type { SigningKey } from "./validator.js";

/** What a sentinel watches, besides ports. */
export interface SentinelParts {
  readonly stores: Pick<Stores, "sentinel">;
  readonly chain: Pick<ChainParts, "archiver" | "askedCommittees">;
  readonly network: Pick<Network, "view">;
  readonly pool: TxPool;
  readonly key: SigningKey | undefined;
}

/** How it judges. */
export interface SentinelAssemblyOptions {
  readonly deployment: Deployment;
  readonly sentinel: SentinelSettings;
  readonly sequencer: SequencerOptions;
}

/** Slots after its own in which an attestation still counts, beside those in which L1 takes the block. */
const LATE_SLOTS = 2;

/** What watches who does its duty; undefined where that is switched off. */
export function assembleSentinel(
  { journal, clock, logger, meter }: Pick<NodePorts, "journal" | "clock" | "logger" | "meter">,
  { stores, chain, network, pool, key }: SentinelParts,
  { deployment, sentinel: { enabled, historyEpochs, minPeers }, sequencer }: SentinelAssemblyOptions,
): Sentinel | undefined {
  if (!enabled) return undefined;
  const { parameters } = deployment;
  return new Sentinel(
    {
      journal,
      blocks: chain.archiver,
      committees: chain.askedCommittees,
      pendingTxs: () => pool.pendingCount(),
      peers: () => network.view.peers().length,
      store: stores.sentinel,
      clock,
      logger: logger.child("sentinel"),
      meter,
    },
    {
      time: parameters,
      buildRules: sequencer,
      lateSlots: parameters.proposalLateness + LATE_SLOTS,
      historyEpochs,
      // Where a committee is smaller than that, nobody has so many.
      minPeers: Math.min(minPeers, Math.max(0, parameters.committeeSize - 1)),
      own: key?.signer.address,
      prefix: Uint8Array.of(Prefix.SENTINEL),
    },
  );
}

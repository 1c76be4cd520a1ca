import { Archiver } from "@sprtn/archiver";
import { EpochCommittees } from "@sprtn/consensus";
import {
  EthersCommitteeSource,
  EthersL1Reader,
  EthersRollupView,
  L1Endpoints,
  L1Heads,
  Secp256k1Recovery,
  WatchedL1Reader,
} from "@sprtn/l1-client";
import { NodeService } from "@sprtn/node-service";
import { kvIdentityStore, P2pNode, p2pSettingsFrom } from "@sprtn/p2p";
import { L1BlockNumber } from "@sprtn/primitives";
import { domainSeparator } from "@sprtn/protocol";
import { TxPool } from "@sprtn/tx-pool";
import { AttestationPool, Equivocations, RecentProposals, Validator } from "@sprtn/validator";
import type { DependencyContainer } from "tsyringe";
import { L1Senders } from "./l1-senders.js";
import { networkView } from "./network-view.js";
import { NoNetwork } from "./no-network.js";
import type { NodeOptions } from "./node-options.js";
import { parts } from "./node-tokens.js";
import type { ProofSystem } from "./proof-system.js";
import type { NodeResources, ProcessResources } from "./resources.js";
import { bind, bindValue, type Get } from "./tokens.js";

/** Slots of attestations and executed proposals that a node remembers besides the current one. */
const RECENT_SLOTS = 4;
/** Slots of which evidence against validators that signed twice is remembered. */
const EVIDENCE_SLOTS = 256;
/** Epochs whose committees are remembered for the node's own duties, and for whoever asks. */
const OWN_EPOCHS = 8;
const ASKED_EPOCHS = 16;

/** The parts that every node has: it follows L1, keeps the state, gossips, and answers. */
export function bindNode(
  container: DependencyContainer,
  process: ProcessResources,
  resources: NodeResources,
  options: NodeOptions,
  proofs: ProofSystem,
): void {
  const { deployment, settings } = options;
  const { parameters, contracts } = deployment;
  bindValue(container, parts.clock, process.clock);
  bindValue(container, parts.random, process.random);
  bindValue(container, parts.hasher, process.hasher);
  bindValue(container, parts.logger, resources.logger);
  bindValue(container, parts.meter, resources.meter);
  bindValue(container, parts.deployment, deployment);
  bindValue(container, parts.contracts, contracts);
  bindValue(container, parts.worldState, resources.worldState);

  bind(container, parts.recovery, () => new Secp256k1Recovery());
  bind(
    container,
    parts.endpoints,
    get => new L1Endpoints({ clock: process.clock, logger: get(parts.logger).child("l1") }, settings.l1),
  );
  bind(
    container,
    parts.heads,
    get =>
      new L1Heads(
        { clock: process.clock, logger: get(parts.logger).child("l1"), meter: resources.meter },
        { maxClockSkewSeconds: settings.l1.maxClockSkewSeconds, slotSeconds: settings.l1.slotSeconds },
      ),
  );
  bind(container, parts.l1, get => {
    const reader = new EthersL1Reader(
      { endpoints: get(parts.endpoints) },
      { contracts, startBlock: L1BlockNumber(deployment.l1StartBlock) },
    );
    return new WatchedL1Reader({ reader, heads: get(parts.heads) });
  });
  bind(
    container,
    parts.senders,
    get =>
      new L1Senders(
        {
          endpoints: get(parts.endpoints),
          clock: process.clock,
          logger: get(parts.logger).child("publisher"),
          l1Time: get(parts.heads),
        },
        { ...settings.l1Publisher, pollingIntervalMs: settings.l1.pollingIntervalMs },
      ),
  );
  bind(
    container,
    parts.rollup,
    get => new EthersRollupView({ endpoints: get(parts.endpoints) }, { contracts, parameters }),
  );
  bind(
    container,
    parts.committeeSource,
    get => new EthersCommitteeSource({ endpoints: get(parts.endpoints) }, { contracts, time: parameters }),
  );
  const committees = (get: Get, cachedEpochs: number) => {
    const drawn = new EpochCommittees(
      { source: get(parts.committeeSource) },
      { committeeSize: parameters.committeeSize, epochDuration: parameters.epochDuration, cachedEpochs },
    );
    // A reorg may have changed a randao, also one that takes back no L2 block.
    get(parts.heads).onReorg(() => drawn.clear());
    return drawn;
  };
  bind(container, parts.committees, get => committees(get, OWN_EPOCHS));
  bind(container, parts.askedCommittees, get => committees(get, ASKED_EPOCHS));
  bind(
    container,
    parts.archiver,
    get =>
      new Archiver(
        {
          l1: get(parts.l1),
          store: resources.stores.archive,
          state: get(parts.worldState),
          clock: process.clock,
          logger: get(parts.logger).child("archiver"),
          meter: resources.meter,
          deployment,
        },
        settings.archiver,
      ),
  );

  bindNetwork(container, process, resources, options);
  bindValue(container, parts.proofs, proofs.backend);
  bindValue(container, parts.keys, proofs.keys);
  bind(
    container,
    parts.txPool,
    get =>
      new TxPool(
        {
          states: get(parts.worldState),
          blocks: get(parts.archiver),
          gossip: get(parts.gossip),
          requests: get(parts.requests),
          proofs: get(parts.proofs),
          store: resources.stores.pool,
          hasher: process.hasher,
          clock: process.clock,
          l1Time: get(parts.heads),
          logger: get(parts.logger).child("pool"),
          meter: resources.meter,
        },
        {
          ...settings.txPool,
          chain: { chainId: deployment.chainId, rollupVersion: deployment.rollupVersion },
          parameters,
        },
      ),
  );

  const domain = domainSeparator({ chainId: deployment.chainId, rollup: contracts.rollup });
  bind(container, parts.proposals, () => new RecentProposals({ slots: RECENT_SLOTS + 1 }));
  bind(
    container,
    parts.equivocations,
    get =>
      new Equivocations(
        { logger: get(parts.logger).child("equivocations"), meter: resources.meter },
        { slots: EVIDENCE_SLOTS },
      ),
  );
  bind(
    container,
    parts.attestations,
    get =>
      new AttestationPool(
        {
          committees: get(parts.committees),
          recovery: get(parts.recovery),
          equivocations: get(parts.equivocations),
          ...(attests(options) ? { ownKey: get(parts.ownKeyWatch) } : {}),
          clock: process.clock,
          logger: get(parts.logger).child("attestations"),
        },
        { time: parameters, domain, lateSlots: RECENT_SLOTS },
      ),
  );
  bind(
    container,
    parts.validator,
    get =>
      new Validator(
        {
          blocks: get(parts.archiver),
          forks: get(parts.worldState),
          txs: get(parts.txPool),
          committees: get(parts.committees),
          gossip: get(parts.gossip),
          recovery: get(parts.recovery),
          pool: get(parts.attestations),
          proposals: get(parts.proposals),
          equivocations: get(parts.equivocations),
          ...(attests(options) ? { signer: get(parts.blockSigner), ownKey: get(parts.ownKeyWatch) } : {}),
          clock: process.clock,
          logger: get(parts.logger).child("validator"),
          meter: resources.meter,
        },
        { deployment, domain },
      ),
  );
  bind(
    container,
    parts.nodeService,
    get =>
      new NodeService(
        {
          blocks: get(parts.archiver),
          txs: get(parts.txPool),
          proposals: get(parts.proposals),
          attestations: get(parts.attestations),
          droppedCode: hash => {
            const stage = get(parts.txPool).stageOf(hash);
            return stage?.stage === "dropped" ? stage.code : undefined;
          },
          views: get(parts.worldState),
          committees: get(parts.askedCommittees),
          network: networkView(get(parts.gossip)),
          clock: process.clock,
        },
        { version: options.version, roles: [...options.roles], deployment },
      ),
  );
}

/** Whether this node signs blocks. */
export function attests(options: NodeOptions): boolean {
  const { disabled, faults } = options.settings.validator;
  return options.roles.has("sequencer") && !disabled && !faults.includes("offline");
}

function bindNetwork(
  container: DependencyContainer,
  process: ProcessResources,
  resources: NodeResources,
  options: NodeOptions,
): void {
  const { deployment, settings } = options;
  if (!settings.p2p.enabled) {
    const alone = new NoNetwork();
    bindValue(container, parts.gossip, alone);
    bindValue(container, parts.requests, alone);
    return;
  }
  const node = new P2pNode(
    {
      clock: process.clock,
      random: process.random,
      logger: resources.logger.child("p2p"),
      meter: resources.meter,
      tips: () => new Uint8Array(),
      identityStore: kvIdentityStore(resources.stores.p2p),
    },
    p2pSettingsFrom(settings.p2p, {
      network: { chainId: deployment.chainId, rollupVersion: deployment.rollupVersion },
      role: "node",
    }),
  );
  bindValue(container, parts.gossip, node);
  bindValue(container, parts.requests, node);
}

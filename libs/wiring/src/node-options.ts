import type { ArchiverSettings } from "@sprtn/archiver/settings";
import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import type { L1EndpointsSettings } from "@sprtn/l1-client";
import type { L1PublisherSettings, L1Settings } from "@sprtn/l1-client/settings";
import type { P2pEnvironment } from "@sprtn/p2p/settings";
import type { Bytes32 } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import type { ProverAgentOptions, ProverNodeOptions, ProverQueueOptions } from "@sprtn/prover/settings";
import type { RpcSettings } from "@sprtn/rpc/settings";
import type { SequencerOptions } from "@sprtn/sequencer/settings";
import type { SentinelSettings } from "@sprtn/sentinel/settings";
import type { StorageSettings } from "@sprtn/storage/settings";
import type { TxPoolSettings } from "@sprtn/tx-pool/settings";
import type { ValidatorOptions } from "@sprtn/validator/settings";
import type { ReplacePorts } from "./container/node-container.js";
import type { Role } from "./roles.js";

/** The settings of every lib that a node is made of. */
export interface NodeSettings {
  readonly l1: L1Settings & Pick<L1EndpointsSettings, "remedy">;
  readonly l1Publisher: L1PublisherSettings;
  readonly p2p: P2pEnvironment;
  readonly archiver: ArchiverSettings;
  readonly txPool: TxPoolSettings;
  readonly sequencer: SequencerOptions;
  readonly sentinel: SentinelSettings;
  readonly validator: ValidatorOptions;
  readonly prover: ProverNodeOptions;
  readonly queue: ProverQueueOptions;
  readonly agent: ProverAgentOptions;
  readonly rpc: RpcSettings;
  readonly storage: StorageSettings;
  readonly circuits: CircuitsOptions;
}

/** One node: what it is, which network it belongs to, which keys it has. */
export interface NodeOptions {
  /** In its log lines. */
  readonly name: string;
  readonly version: string;
  readonly roles: ReadonlySet<Role>;
  readonly deployment: Deployment;
  readonly settings: NodeSettings;
  /** Signs blocks and pays for publishing them; needed by `sequencer`. */
  readonly validatorKey?: Bytes32;
  /** Pays for publishing proofs; needed by `prover-node`. */
  readonly proverKey?: Bytes32;
  /** Validators of one process that share its chain with this node; 1 unless given. */
  readonly density?: number;
  /** Replaces ports of the node with an importer's own. */
  readonly replacePorts?: ReplacePorts | undefined;
}

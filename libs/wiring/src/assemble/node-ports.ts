import type { L1Heads } from "@sprtn/l1-client";
import type {
  ActivityJournal,
  ActivitySource,
  BlockExecutor,
  Clock,
  CommitteeSource,
  EpochProofSource,
  JobSource,
  KvStore,
  L1Publisher,
  L1Reader,
  Logger,
  Meter,
  ProofBackend,
  ProofQueue,
  Random,
  RollupView,
  SignatureRecovery,
  Signer,
  TxDecoder,
} from "@sprtn/ports";
import type { FieldHasher } from "@sprtn/primitives";
import type { ProofSystem } from "../proof-system.js";
import type { ChainParts, OpenChain } from "./chain.js";
import type { Network, OpenNetwork } from "./network.js";
import type { StoreName } from "./stores.js";

/** A queue of proof jobs, with a side for its producer and one for its workers. */
export interface OpenedQueue {
  readonly queue: ProofQueue & JobSource;
  close(): Promise<void>;
}

/** What a node's own queue of proof jobs needs. */
export interface QueueParts {
  readonly store: KvStore;
  readonly backend: ProofBackend;
}

/**
 * All that a node touches of the outside world, its clock and randomness included. The parts of a node are assembled
 * from these and from nothing else. Each is asked for when a role needs it, so that a node without a key has no signer.
 */
export interface NodePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: FieldHasher;
  readonly logger: Logger;
  readonly meter: Meter;
  /** What stations do, for whoever watches. */
  readonly journal: ActivityJournal & ActivitySource;
  readonly recovery: SignatureRecovery;
  readonly l1: L1Reader;
  /** Is informed of every head that the node reads through `l1`. */
  readonly heads: L1Heads;
  readonly rollup: RollupView;
  readonly committeeSource: CommitteeSource;
  /** The validator's key. @throws WiringError KEY_MISSING */
  readonly signer: Signer;
  /** The key that pays for a prover node's proofs. @throws WiringError KEY_MISSING */
  readonly proverSigner: Signer;
  /** Sends one key's transactions to L1; for one key always through the same queue. */
  readonly publisherOf: (signer: Signer) => L1Publisher;
  readonly openStore: (name: StoreName) => Promise<KvStore>;
  /** What follows L1 and holds the state. Its archiver is started and stopped with the node. */
  readonly openChain: (parts: OpenChain) => Promise<ChainParts>;
  /** Executes the proposals that the node judges. */
  readonly executor: BlockExecutor;
  readonly txDecoder: TxDecoder;
  readonly openNetwork: (parts: OpenNetwork) => Network;
  readonly openProofs: () => Promise<ProofSystem>;
  readonly openQueue: (parts: QueueParts) => Promise<OpenedQueue>;
  /** Where a coordinator gets proofs when its node has no prover of its own. */
  readonly remoteProver: EpochProofSource | undefined;
}

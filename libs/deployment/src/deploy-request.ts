import type { Clock, Logger } from "@sprtn/ports";
import type { Bytes32, EthAddress, Field, UnixSeconds, Wei } from "@sprtn/primitives";
import type { CrsKind, Deployment, RollupParameters } from "@sprtn/protocol";

/** L1 to deploy to, and what a deployment needs of its process. */
export interface DeployDependencies {
  /** JSON-RPC of L1. */
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Block 0, which L1 gets at deployment and every node starts from. */
export type Genesis = Deployment["genesis"];

/** What is deployed, by whom, for whom, and with which money. */
export interface DeployRequest {
  readonly name: string;
  /** Chain that L1 must be; any unless told. */
  readonly expectedChainId?: bigint;
  /** Sends every transaction. */
  readonly deployerKey: Bytes32;
  /** genesisTime 0: soon after the deployment began. */
  readonly parameters: RollupParameters;
  /** Active from epoch 0. */
  readonly validators: readonly EthAddress[];
  /** Block 0, or what makes it once the genesis time is known. */
  readonly genesis: Genesis | ((genesisTime: UnixSeconds) => Genesis);
  readonly keyTreeRoot: Field;
  /**
   * Structured reference string of the keys in the key tree, and so the verifier; null, unless told, for simulated
   * proofs.
   */
  readonly crs?: CrsKind | null;
  /** Tells deployments apart; drawn from chain id, deployer, name and genesis time unless told. */
  readonly rollupVersion?: bigint;
  /** The governing signers, and the keys that sign the funding's commands; by default only the deployer. */
  readonly teocalli?: {
    readonly signers: readonly EthAddress[];
    readonly threshold: number;
    readonly keys: readonly Bytes32[];
  };
  /** Whether anyone may mint the token, a million a call, as on test networks; true unless told. */
  readonly faucet?: boolean;
  /** Tokens minted for Rewards and allocated to the Rollup; a million unless told, 0 for none. */
  readonly rewardsAllocation?: Wei;
  /** Tokens minted for others on the way. */
  readonly mint?: readonly { readonly recipient: EthAddress; readonly amount: Wei }[];
  /** Where the journal is kept, so that a run that was cut off can be gone on with. */
  readonly journalPath?: string;
  /**
   * Where the deployment file is written at the end; none unless told. What would keep it from being written there is
   * found before anything is sent.
   */
  readonly filePath?: string;
  /** How often L1 is asked whether the transactions are mined; 250 unless told. */
  readonly pollingIntervalMs?: number;
  readonly signal?: AbortSignal;
}

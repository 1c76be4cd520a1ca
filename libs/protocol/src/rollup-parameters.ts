import type { EthAddress, Field, Seconds, UnixSeconds, Wei } from "@sprtn/primitives";
import type { Gas } from "./gas.js";
import type { BlockHeader, GasFees } from "./header.js";

/** Who may send an epoch's proof before D1 (PROV-2). */
export type ProvingRight = "coordinator" | "quotes" | "open";

/** What a deployment fixes forever; nodes read it from the deployment file and check it against L1. */
export interface RollupParameters {
  readonly genesisTime: UnixSeconds;
  readonly slotDuration: Seconds;
  /** Slots per epoch. */
  readonly epochDuration: number;
  readonly committeeSize: number;
  /** Slots by which a proposal may be late (PEND-2). */
  readonly proposalLateness: number;
  readonly proofWindow: Seconds;
  readonly challengeWindow: Seconds;
  /** Records in the Rollup's circular buffer (PEND-7). */
  readonly capacity: number;
  /** Gas a block aims at; its limit is twice that (TX-2). */
  readonly gasTarget: Gas;
  readonly initialBaseFees: GasFees;
  readonly pendingReward: Wei;
  readonly provenReward: Wei;
  /** The prover's part of provenReward, in 1/10,000. */
  readonly proverShareBps: number;
  readonly minimumStake: Wei;
  readonly exitGraceEpochs: number;
  /** The least that FeePortal takes, in token wei. */
  readonly minimumDeposit: Wei;
  readonly openBootstrap: boolean;
  readonly provingRight: ProvingRight;
}

/** Addresses of a deployment's contracts. */
export interface ContractAddresses {
  readonly teocalli: EthAddress;
  readonly registry: EthAddress;
  readonly validatorRegistry: EthAddress;
  readonly rollup: EthAddress;
  readonly rewards: EthAddress;
  readonly availabilityOracle: EthAddress;
  readonly inbox: EthAddress;
  readonly outbox: EthAddress;
  readonly feePortal: EthAddress;
  readonly token: EthAddress;
  readonly verifier: EthAddress;
}

/** Whether L1 verifies proofs, or accepts a marker that anybody can make (PROV-6). */
export type ProofMode = "real" | "simulated";

/**
 * Structured reference string that keys and proofs are made with: the Ignition ceremony's, or one whose secret
 * everybody knows, so that everybody can forge proofs.
 */
export type CrsKind = "ignition" | "dev";

/** Everything that a node needs to know of a network: the content of its deployment file. */
export interface Deployment {
  readonly name: string;
  readonly chainId: bigint;
  readonly rollupVersion: bigint;
  readonly proofMode: ProofMode;
  /** Of real proofs; null where they are simulated. */
  readonly crs: CrsKind | null;
  readonly keyTreeRoot: Field;
  /** L1 block in which the first contract was deployed: where to start reading logs. */
  readonly l1StartBlock: number;
  readonly parameters: RollupParameters;
  readonly contracts: ContractAddresses;
  readonly genesis: { readonly header: BlockHeader; readonly archive: Field };
}

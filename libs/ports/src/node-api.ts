import type { BlockNumber, Epoch, EthAddress, Field, Slot } from "@sprtn/primitives";
import type {
  ChainTips,
  ContractAddresses,
  CrsKind,
  Deployment,
  GasFees,
  L2Block,
  ProofMode,
  RollupParameters,
  Tx,
} from "@sprtn/protocol";

/** Stages of a transaction, in order; `dropped` is one that was refused, expired or replaced. */
export type TxStage =
  | "executed"
  | "submitted"
  | "proposed"
  | "attested"
  | "pending"
  | "proven"
  | "finalized"
  | "dropped"
  | "unknown";

/** How far a transaction has come, as this node knows. */
export interface TxReceipt {
  readonly txHash: Field;
  readonly stage: TxStage;
  readonly block?: { readonly number: BlockNumber; readonly hash: Field; readonly index: number };
  /** Charged, wei; once it is in a block. */
  readonly fee?: bigint;
  readonly reverted?: boolean;
  /** For `dropped`: the code of the refusal. */
  readonly code?: string;
}

/** What a node is, and all that another needs to join its network. */
export interface NodeInfo {
  readonly version: string;
  readonly network: string;
  readonly l1ChainId: bigint;
  readonly rollupVersion: bigint;
  readonly contracts: ContractAddresses;
  readonly enr: string | null;
  readonly roles: readonly string[];
  readonly proofMode: ProofMode;
  /** Structured reference string of real proofs; under `dev` anyone can forge them. */
  readonly crs: CrsKind | null;
  readonly parameters: RollupParameters;
  /** Validators of one process that share its chain with this node; 1 for a node by itself, and what others measure. */
  readonly density: number;
  /** The deployment file's content: what another node needs to join. */
  readonly deployment: Deployment;
}

/** Siblings from the leaf upwards, with the root they lead to and the block whose state it is. */
export interface MembershipWitness {
  readonly block: BlockNumber;
  readonly root: Field;
  readonly index: bigint;
  readonly path: readonly Field[];
}

/** A connected peer of this node. */
export interface PeerInfo {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly score: number;
  readonly direction: "inbound" | "outbound";
  readonly agent: string | null;
}

/**
 * Payload of the coded error with which a call ends whose answer was lost: the node may have carried it out all the
 * same. A caller that asked for a change finds out before asking again.
 */
export interface MayHaveRun {
  readonly mayHaveRun: true;
}

/**
 * What a node offers to wallets, tools and other nodes; JSON-RPC methods are `node_` + the name. Every method may throw
 * a coded error.
 */
export interface NodeApi {
  getNodeInfo(): Promise<NodeInfo>;
  getChainTips(): Promise<ChainTips>;
  getBlock(number: BlockNumber | "pending" | "proven" | "finalized"): Promise<L2Block | null>;
  /**
   * Blocks `from` and on, at most `limit` (≤ 100) of them: for wallets that scan. Where blocks are large there may be
   * fewer than are known, but never none: ask on from the last one's number.
   */
  getBlocks(from: BlockNumber, limit: number): Promise<readonly L2Block[]>;
  /** Resolves with the hash once the transaction is in the pool (TX-1); throws the refusal's code. */
  sendTx(tx: Tx): Promise<Field>;
  getTxReceipt(hash: Field): Promise<TxReceipt>;
  getTx(hash: Field): Promise<Tx | null>;
  getPendingTxs(limit: number): Promise<readonly Field[]>;
  /** Base fees of the next block. */
  getBaseFees(): Promise<GasFees>;
  getCurrentSlot(): Promise<Slot>;
  /** Wei, at the pending tip. */
  getPublicBalance(address: Field): Promise<bigint>;
  /**
   * Of the note hash leaf at `index`, in the state of `block`. For tools: a wallet that asks tells what it is about to
   * spend.
   */
  getNoteHashWitness(index: bigint, block: BlockNumber): Promise<MembershipWitness>;
  /** Of an L1→L2 message under the pending tip's message tree; `null` while it is in no block. */
  getMessageWitness(messageHash: Field): Promise<MembershipWitness | null>;
  /** Of a withdrawal's L2→L1 message in its block's out tree, and whether the block is proven. */
  getL2ToL1MessageWitness(
    txHash: Field,
  ): Promise<{
    readonly block: BlockNumber;
    readonly leafId: bigint;
    readonly path: readonly Field[];
    readonly proven: boolean;
  } | null>;
  getCommittee(epoch: Epoch): Promise<readonly EthAddress[]>;
  getProposer(slot: Slot): Promise<EthAddress | null>;
  getL1ContractAddresses(): Promise<ContractAddresses>;
  getEncodedEnr(): Promise<string | null>;
  getPeers(): Promise<readonly PeerInfo[]>;
}

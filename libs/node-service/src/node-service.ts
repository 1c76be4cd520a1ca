import { BlockNumber, Epoch, type EthAddress, type Field, type Slot, UnixSeconds } from "@sprtn/primitives";
import { assertFixed, type EpochCommittees, epochOf, proposerOf, slotAt } from "@sprtn/consensus";
import type {
  Clock,
  L1Time,
  MembershipWitness,
  NodeApi,
  NodeInfo,
  PeerInfo,
  StateViews,
  TxReceipt,
} from "@sprtn/ports";
import {
  type ChainTips,
  constants,
  type ContractAddresses,
  type GasFees,
  type L2Block,
  leftFilledPath,
  nextBaseFees,
  outHashParent,
  type Tx,
} from "@sprtn/protocol";
import { SerialQueue, unixSeconds } from "@sprtn/runtime";
import { BlockReader } from "./block-reader.js";
import { nodeInfo } from "./node-info.js";
import { NodeServiceError, NodeServiceErrorCode } from "./node-service-error.js";
import { type ReceiptDependencies, txReceipt } from "./tx-receipt.js";

/** What of the network a node can tell; absent parts when it runs without p2p. */
export interface NetworkView {
  enr(): string | null;
  peers(): readonly PeerInfo[];
}

/** The parts of a node that answers are put together from. */
export interface NodeServiceDependencies extends ReceiptDependencies {
  readonly views: StateViews;
  /** For queries alone: what is asked for displaces nothing that the node itself needs. */
  readonly committees: EpochCommittees;
  readonly network: NetworkView;
  readonly clock: Clock;
  /** Time is not before L1's head, whatever the clock says. */
  readonly l1Time: Pick<L1Time, "head">;
  /** Lets everything else that waits for the thread go first; the next turn of the event loop by default. */
  readonly pause?: () => Promise<void>;
}

/** What the node says about itself. */
export type NodeServiceSettings = Pick<NodeInfo, "version" | "roles" | "deployment"> &
  Partial<Pick<NodeInfo, "density">>;

const MAX_BLOCKS = 100;
/** Limit of the blocks of one answer together, except for the first: about 2 MiB of JSON. */
const MAX_TRANSACTIONS = 1_000;
const MAX_PENDING = 1000;
/** LIMIT-33: queries for committees that may wait at a time; each may cost requests to L1. */
const MAX_COMMITTEE_QUERIES = 64;

/** The NodeApi over this node's own parts; RPC serves it, wallets in the same process call it directly. */
export class NodeService implements NodeApi {
  readonly #committeeQueries = new SerialQueue({ name: "queries for committees", maxWaiting: MAX_COMMITTEE_QUERIES });

  readonly #reader: BlockReader;

  readonly #dependencies: NodeServiceDependencies;

  constructor(
    dependencies: NodeServiceDependencies,
    private readonly settings: NodeServiceSettings,
  ) {
    this.#dependencies = dependencies;
    this.#reader = new BlockReader(dependencies);
  }

  async getNodeInfo(): Promise<NodeInfo> {
    return nodeInfo(this.settings, this.#dependencies.network.enr());
  }

  async getChainTips(): Promise<ChainTips> {
    return this.#dependencies.blocks.tips();
  }

  async getBlock(which: BlockNumber | keyof ChainTips): Promise<L2Block | null> {
    const { blocks } = this.#dependencies;
    const number = typeof which === "number" ? which : blocks.tips()[which].number;
    return (await blocks.block(number)) ?? null;
  }

  async getBlocks(from: BlockNumber, limit: number): Promise<readonly L2Block[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_BLOCKS) throw tooMany(limit, MAX_BLOCKS, "blocks");
    const found: L2Block[] = [];
    let transactions = 0;
    for await (const block of this.#reader.from(from)) {
      transactions += block.effects.length;
      if (found.length > 0 && transactions > MAX_TRANSACTIONS) break;
      found.push(block);
      if (found.length === limit) break;
    }
    return found;
  }

  async sendTx(tx: Tx): Promise<Field> {
    const admission = await this.#dependencies.txs.add(tx, "local");
    if (!admission.accepted) throw new NodeServiceError(admission.code, admission.reason);
    return admission.hash;
  }

  async getTxReceipt(hash: Field): Promise<TxReceipt> {
    return txReceipt(this.#dependencies, hash, await this.getCurrentSlot());
  }

  async getTx(hash: Field): Promise<Tx | null> {
    return (await this.#dependencies.txs.get(hash)) ?? null;
  }

  async getPendingTxs(limit: number): Promise<readonly Field[]> {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PENDING) throw tooMany(limit, MAX_PENDING, "transactions");
    return this.#dependencies.txs.pending(limit).map(tx => tx.hash);
  }

  async getBaseFees(): Promise<GasFees> {
    const { header } = (await this.getBlock("pending")) ?? this.settings.deployment.genesis;
    return nextBaseFees(
      header.baseFees,
      { l2: header.totalL2Gas, da: header.totalDaGas },
      this.settings.deployment.parameters.gasTarget,
    );
  }

  async getCurrentSlot(): Promise<Slot> {
    const { clock, l1Time } = this.#dependencies;
    const { parameters } = this.settings.deployment;
    // By a clock that is behind, wallets would make payments that have expired already.
    const now = Math.max(unixSeconds(clock), l1Time.head()?.timestamp ?? 0, parameters.genesisTime);
    return slotAt(parameters, UnixSeconds(now));
  }

  async getPublicBalance(address: Field): Promise<bigint> {
    return this.#dependencies.views.latest().publicBalance(address);
  }

  async getNoteHashWitness(index: bigint, block: BlockNumber): Promise<MembershipWitness> {
    const view = this.#dependencies.views.at(block);
    const { root, nextIndex } = view.reference().noteHashes;
    if (index < 0n || index >= BigInt(nextIndex)) {
      throw new NodeServiceError(
        NodeServiceErrorCode.UNKNOWN_LEAF,
        `there is no note hash ${index} among the ${nextIndex} note hashes after block ${block}: ask for a later block`,
        { index: String(index), block },
      );
    }
    return { block, root, index, path: view.noteHashPath(index) };
  }

  async getMessageWitness(messageHash: Field): Promise<MembershipWitness | null> {
    const index = await this.#dependencies.blocks.messageIndex(messageHash);
    const view = this.#dependencies.views.latest();
    const { root, nextIndex } = view.reference().messages;
    return index === undefined || index >= BigInt(nextIndex)
      ? null
      : { block: view.block, root, index, path: view.messagePath(index) };
  }

  async getL2ToL1MessageWitness(
    txHash: Field,
  ): Promise<{ block: BlockNumber; leafId: bigint; path: readonly Field[]; proven: boolean } | null> {
    const { blocks } = this.#dependencies;
    const mined = await blocks.minedTx(txHash);
    if (mined === undefined || mined.effect.l2ToL1Message === 0n) return null;
    const block = await blocks.block(mined.block.number);
    if (block?.headerHash !== mined.block.hash) return null;
    const leaves = block.effects.map(effect => effect.l2ToL1Message);
    return {
      block: mined.block.number,
      ...leftFilledPath(leaves, mined.index, outHashParent),
      proven: mined.block.number <= blocks.tips().proven.number,
    };
  }

  /** @throws ConsensusError NOT_FIXED for an epoch that is too far ahead */
  async getCommittee(epoch: Epoch): Promise<readonly EthAddress[]> {
    // L1 is asked about one epoch at a time, and not at all about epochs that cannot be fixed (SEED-1).
    const current = epochOf(this.settings.deployment.parameters, await this.getCurrentSlot());
    assertFixed(epoch, Epoch(current + constants.RANDAO_LAG_EPOCHS));
    return this.#committeeQueries.run(() => this.#dependencies.committees.committeeAt(epoch));
  }

  /** @throws ConsensusError NOT_FIXED for a slot of an epoch that is too far ahead */
  async getProposer(slot: Slot): Promise<EthAddress | null> {
    const committee = await this.getCommittee(epochOf(this.settings.deployment.parameters, slot));
    return proposerOf(slot, committee) ?? null;
  }

  async getL1ContractAddresses(): Promise<ContractAddresses> {
    return this.settings.deployment.contracts;
  }

  async getEncodedEnr(): Promise<string | null> {
    return this.#dependencies.network.enr();
  }

  async getPeers(): Promise<readonly PeerInfo[]> {
    return this.#dependencies.network.peers();
  }
}

function tooMany(limit: number, most: number, what: string): NodeServiceError {
  return new NodeServiceError(NodeServiceErrorCode.TOO_MANY, `${limit} ${what} were requested: ask for 1 to ${most}`, {
    limit,
  });
}

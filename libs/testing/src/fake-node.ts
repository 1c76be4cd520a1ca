import { unpackFields } from "@sprtn/merkle-trees";
import {
  BlockNumber,
  CodedError,
  type EthAddress,
  type Field,
  type FieldHasher,
  jsFieldHasher,
  Slot,
} from "@sprtn/primitives";
import type {
  FundingMessage,
  FundingRequest,
  L1Funding,
  MembershipWitness,
  NodeApi,
  NodeInfo,
  PeerInfo,
  TxReceipt,
} from "@sprtn/ports";
import type { ChainTips, ContractAddresses, Deployment, GasFees, L2Block, Tx } from "@sprtn/protocol";
import { FakeInbox } from "./fake-inbox.js";
import { FAKE_FEE_RECIPIENT, FakeL2Chain } from "./fake-l2-chain.js";
import { FakePool } from "./fake-pool.js";
import { buildDeployment } from "./fake-rollup.js";

/** The deployment and the balances that the node begins with. */
export interface FakeNodeSettings {
  /** Wei of public balances at genesis; its block shows them as writes, for those who read blocks. */
  readonly balances?: ReadonlyMap<Field, bigint>;
  readonly deployment?: Partial<Deployment>;
  readonly hasher?: FieldHasher;
}

/**
 * A node with a chain in memory that executes transactions by the real rules and mines on demand; an L1 that
 * takes deposits comes with it.
 */
export class FakeNode implements NodeApi, L1Funding {
  readonly deployment: Deployment;
  /** Every transaction that was sent, refused ones too. */
  readonly sent: Tx[] = [];
  /** Called methods by name: how often. */
  readonly calls = new Map<string, number>();
  /** A code makes sendTx throw an error with it, an error that error. */
  refuse: (tx: Tx) => string | CodedError | undefined = () => undefined;
  readonly #chain: FakeL2Chain;
  readonly #pool = new FakePool();
  readonly #inbox: FakeInbox;

  constructor({ balances = new Map(), deployment, hasher = jsFieldHasher }: FakeNodeSettings = {}) {
    this.deployment = buildDeployment(deployment);
    const { chainId, rollupVersion, contracts } = this.deployment;
    const identity = { chainId, rollupVersion, feePortal: contracts.feePortal };
    this.#inbox = new FakeInbox({ identity });
    this.#chain = new FakeL2Chain({ deployment: this.deployment, identity, balances, hasher });
  }

  get tip(): L2Block {
    return this.#chain.tip.block;
  }

  /** The chain, genesis first. */
  get blocks(): readonly L2Block[] {
    return this.#chain.entries.map(entry => entry.block);
  }

  get pendingTxs(): readonly Tx[] {
    return this.#pool.txs;
  }

  /** Executes what is in the pool in the next block, `slots` after the last one. */
  mine(slots = 1): L2Block {
    const messages = this.#inbox.ofBlock(BlockNumber(this.tip.header.number + 1));
    const indexOf = (hash: Field) => this.#inbox.indexOf(hash);
    const built = this.#chain.mine(slots, { txs: this.#pool.txs, messages, indexOf });
    this.#pool.settle(built.txs, built.excluded);
    return built.block;
  }

  /** Takes the last `depth` blocks away; their transactions are pending again. */
  reorg(depth: number): void {
    this.#pool.putBack(this.#chain.reorg(depth));
  }

  prove(number = this.tip.header.number): void {
    this.#chain.prove(number);
  }

  finalize(number = this.tip.header.number): void {
    this.#chain.finalize(number);
  }

  /** Takes a transaction out of the pool. */
  drop(hash: Field, code = "TX_POOL_EVICTED"): void {
    this.#pool.drop(hash, code);
  }

  setSlot(slot: number): void {
    this.#chain.slot = slot;
  }

  async deposit(request: FundingRequest): Promise<FundingMessage> {
    return this.#inbox.deposit(request, this.tip.header.number);
  }

  async getNodeInfo(): Promise<NodeInfo> {
    const { chainId, rollupVersion, contracts, proofMode, crs, parameters, name } = this.deployment;
    return {
      version: "0.0.0",
      network: name,
      l1ChainId: chainId,
      rollupVersion,
      contracts,
      enr: null,
      roles: ["node"],
      proofMode,
      crs,
      parameters,
      density: 1,
      deployment: this.deployment,
    };
  }

  async getChainTips(): Promise<ChainTips> {
    return this.#chain.tips();
  }

  async getBlock(number: BlockNumber | "pending" | "proven" | "finalized"): Promise<L2Block | null> {
    const { entries } = this.#chain;
    return entries[typeof number === "number" ? number : this.#chain.tips()[number].number]?.block ?? null;
  }

  async getBlocks(from: BlockNumber, limit: number): Promise<readonly L2Block[]> {
    this.#count("getBlocks");
    return this.blocks.slice(from, from + Math.min(limit, 100));
  }

  /** The checks of TX-1 that need no history; the rest shows when the block is built. */
  async sendTx(tx: Tx): Promise<Field> {
    this.sent.push(tx);
    const refusal = this.refuse(tx);
    if (refusal instanceof CodedError) throw refusal;
    this.#pool.admit(tx, refusal, nullifier => this.#chain.tip.state.nullifiers.has(nullifier));
    return tx.hash;
  }

  async getTxReceipt(hash: Field): Promise<TxReceipt> {
    this.#count("getTxReceipt");
    if (this.#pool.get(hash)) return { txHash: hash, stage: "submitted" };
    for (const block of this.blocks) {
      const index = block.effects.findIndex(effect => effect.txHash === hash);
      const effect = block.effects[index];
      if (effect === undefined) continue;
      const { number } = block.header;
      return {
        txHash: hash,
        stage: this.#chain.stageOf(number),
        block: { number, hash: block.headerHash, index },
        fee: effect.fee,
        reverted: effect.reverted,
      };
    }
    const code = this.#pool.whyDropped(hash);
    return code === undefined ? { txHash: hash, stage: "unknown" } : { txHash: hash, stage: "dropped", code };
  }

  async getTx(hash: Field): Promise<Tx | null> {
    const mined = this.#chain.entries.flatMap(entry => entry.txs);
    return this.#pool.get(hash) ?? mined.find(tx => tx.hash === hash) ?? null;
  }

  async getPendingTxs(limit: number): Promise<readonly Field[]> {
    return this.pendingTxs.slice(0, limit).map(tx => tx.hash);
  }

  async getBaseFees(): Promise<GasFees> {
    return this.#chain.nextBaseFees();
  }

  async getCurrentSlot(): Promise<Slot> {
    return Slot(this.#chain.slot);
  }

  async getPublicBalance(address: Field): Promise<bigint> {
    return this.#chain.tip.state.publicBalance(address);
  }

  async getNoteHashWitness(index: bigint, block: BlockNumber): Promise<MembershipWitness> {
    this.#count("getNoteHashWitness");
    const { state } = this.#chain.at(block);
    if (index >= state.noteHashes.leafCount)
      throw new CodedError("FAKE_NODE_NO_LEAF", `block ${block} has no note hash leaf ${index}`);
    return {
      block,
      root: state.reference().noteHashes.root,
      index,
      path: unpackFields(state.noteHashes.path(Number(index))),
    };
  }

  async getMessageWitness(messageHash: Field): Promise<MembershipWitness | null> {
    const { state, block } = this.#chain.tip;
    const index = this.#inbox.indexOf(messageHash);
    if (index === undefined || index >= state.messages.leafCount) return null;
    return {
      block: block.header.number,
      root: state.reference().messages.root,
      index,
      path: unpackFields(state.messages.path(Number(index))),
    };
  }

  async getL2ToL1MessageWitness(): Promise<null> {
    return null;
  }

  async getCommittee(): Promise<readonly EthAddress[]> {
    return [];
  }

  async getProposer(): Promise<null> {
    return null;
  }

  async getL1ContractAddresses(): Promise<ContractAddresses> {
    return this.deployment.contracts;
  }

  async getEncodedEnr(): Promise<null> {
    return null;
  }

  async getPeers(): Promise<readonly PeerInfo[]> {
    return [];
  }

  /** Wei in all public balances of these accounts and of the fee recipient. */
  async publicSupply(addresses: readonly Field[]): Promise<bigint> {
    const { state } = this.#chain.tip;
    return [...addresses, FAKE_FEE_RECIPIENT].reduce((sum, address) => sum + state.publicBalance(address), 0n);
  }

  #count(method: string): void {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
  }
}

import { MemoryNodeStore, packFields, unpackFields } from "@sprtn/merkle-trees";
import {
  BlockNumber,
  CodedError,
  type EthAddress,
  Field,
  type FieldHasher,
  jsFieldHasher,
  Slot,
  toHex,
  uintToBytes,
  UnixSeconds,
  ZERO_FIELD,
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
import {
  balanceSlot,
  type ChainIdentity,
  type ChainTips,
  checkTxShape,
  constants,
  type ContractAddresses,
  type Deployment,
  type GasFees,
  hashL1ToL2Message,
  type L2Block,
  nextBaseFees,
  NO_ENCRYPTED_NOTES,
  NO_WRITE,
  type PublicDataWrite,
  type Tx,
  type TxEffect,
} from "@sprtn/protocol";
import { applyGenesis, buildBlock, perTree, RollupState } from "@sprtn/state-transition";
import { buildDeployment } from "./fake-rollup.js";

/** One block with the state after it and the transactions in it. */
interface FakeChainBlock {
  readonly block: L2Block;
  readonly state: RollupState;
  readonly txs: readonly Tx[];
}

/** The deployment and the balances that the node begins with. */
export interface FakeNodeSettings {
  /** Wei of public balances at genesis; its block shows them as writes, for those who read blocks. */
  readonly balances?: ReadonlyMap<Field, bigint>;
  readonly deployment?: Partial<Deployment>;
  readonly hasher?: FieldHasher;
}

/** L2 address that the fake node's blocks pay tips to. */
const FEE_RECIPIENT = Field(999);

/**
 * A node with a chain in memory that executes transactions by the real rules and mines when it is told to; an L1 that
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
  readonly #hasher: FieldHasher;
  readonly #chain: FakeChainBlock[] = [];
  readonly #pool = new Map<Field, Tx>();
  readonly #dropped = new Map<Field, string>();
  readonly #messages: Field[] = [];
  #slot = 0;
  #proven = 0;
  #finalized = 0;
  /** Tells blocks apart that stand at one height before and after a reorg. */
  #mined = 0;

  constructor(settings: FakeNodeSettings = {}) {
    this.deployment = buildDeployment(settings.deployment);
    this.#hasher = settings.hasher ?? jsFieldHasher;
    const state = new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher: this.#hasher });
    const writes = [...(settings.balances ?? [])].flatMap(([address, wei]) => [
      balanceSlot(this.#hasher, address),
      Field(wei),
    ]);
    if (writes.length > 0) state.publicData.write(packFields(writes));
    const genesis = applyGenesis(state, this.deployment.parameters);
    const effects = [...(settings.balances ?? [])].map(([address, wei]) =>
      writing({ slot: balanceSlot(this.#hasher, address), value: Field(wei) }),
    );
    this.#chain.push({ block: { ...genesis, effects }, state, txs: [] });
  }

  get tip(): L2Block {
    return this.#tip.block;
  }

  /** The chain, genesis first. */
  get blocks(): readonly L2Block[] {
    return this.#chain.map(entry => entry.block);
  }

  get pendingTxs(): readonly Tx[] {
    return [...this.#pool.values()];
  }

  /** Executes what is in the pool in the next block, `slots` after the last one. */
  mine(slots = 1): L2Block {
    const { block: previous, state: before } = this.#tip;
    const number = BlockNumber(previous.header.number + 1);
    this.#slot = Math.max(previous.header.slot + slots, this.#slot);
    const { parameters } = this.deployment;
    const state = before.fork();
    const anchors = new Map(
      this.#chain.map(entry => [entry.state.reference().noteHashes.root, entry.block.header.number]),
    );
    const environment = {
      chain: this.#identity,
      number,
      slot: Slot(this.#slot),
      timestamp: UnixSeconds(parameters.genesisTime + this.#slot * parameters.slotDuration),
      coinbase: `0x${(++this.#mined).toString(16).padStart(40, "0")}` as EthAddress,
      feeRecipient: FEE_RECIPIENT,
      baseFees: this.#nextBaseFees(),
      gasTarget: parameters.gasTarget,
      maxTxs: constants.MAX_TXS_PER_BLOCK,
    };
    const built = buildBlock(
      { fork: state, lookups: { anchorBlock: root => anchors.get(root), messageIndex: hash => this.#indexOf(hash) } },
      { txs: this.#pool.values(), messages: this.#messagesOf(number) },
      environment,
    );
    for (const { hash } of built.txs) this.#pool.delete(hash);
    for (const { tx, reason } of built.excluded) this.#exclude(tx, reason.code);
    this.#chain.push({ block: built.block, state, txs: built.txs });
    return built.block;
  }

  /** Takes the last `depth` blocks away; their transactions are pending again. */
  reorg(depth: number): void {
    const removed = this.#chain.splice(this.#chain.length - depth, depth);
    for (const tx of removed.flatMap(entry => entry.txs)) this.#pool.set(tx.hash, tx);
    this.#slot += 1;
  }

  prove(number = this.tip.header.number): void {
    this.#proven = number;
  }

  finalize(number = this.tip.header.number): void {
    this.#proven = Math.max(this.#proven, number);
    this.#finalized = number;
  }

  /** Takes a transaction out of the pool. */
  drop(hash: Field, code = "TX_POOL_EVICTED"): void {
    this.#pool.delete(hash);
    this.#dropped.set(hash, code);
  }

  setSlot(slot: number): void {
    this.#slot = slot;
  }

  async deposit(request: FundingRequest): Promise<FundingMessage> {
    // The next subtree that is open still: the one two blocks after the tip.
    const firstOpen = constants.MESSAGES_PER_BLOCK * (this.tip.header.number + constants.MESSAGE_LAG_BLOCKS);
    while (this.#messages.length < firstOpen) this.#messages.push(Field(0));
    const globalIndex = BigInt(this.#messages.length);
    const messageHash = hashL1ToL2Message(this.#identity, { ...request, globalIndex });
    this.#messages.push(messageHash);
    return { ...request, messageHash, globalIndex, l1Transaction: toHex(uintToBytes(globalIndex + 1n, 32)) };
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
      deployment: this.deployment,
    };
  }

  async getChainTips(): Promise<ChainTips> {
    const id = (number: number) => ({ number: BlockNumber(number), hash: this.#at(number).block.headerHash });
    return { pending: id(this.tip.header.number), proven: id(this.#proven), finalized: id(this.#finalized) };
  }

  async getBlock(number: BlockNumber | "pending" | "proven" | "finalized"): Promise<L2Block | null> {
    const tips = await this.getChainTips();
    return this.#chain[typeof number === "number" ? number : tips[number].number]?.block ?? null;
  }

  async getBlocks(from: BlockNumber, limit: number): Promise<readonly L2Block[]> {
    this.#count("getBlocks");
    return this.#chain.slice(from, from + Math.min(limit, 100)).map(entry => entry.block);
  }

  /** The checks of TX-1 that need no history; the rest shows when the block is built. */
  async sendTx(tx: Tx): Promise<Field> {
    this.sent.push(tx);
    const [violation] = checkTxShape(tx.inputs);
    const { state } = this.#tip;
    const spent = tx.inputs.nullifiers.some(
      nullifier =>
        state.nullifiers.has(nullifier) || this.pendingTxs.some(other => other.inputs.nullifiers.includes(nullifier)),
    );
    const refusal = this.refuse(tx);
    if (refusal instanceof CodedError) throw refusal;
    const code =
      refusal ??
      violation?.code ??
      (spent ? "TX_NULLIFIER_USED" : undefined) ??
      (tx.proof.length === constants.CLIENT_PROOF_BYTES ? undefined : "TX_BAD_PROOF");
    if (code !== undefined)
      throw new CodedError(code, `the fake node refuses the transaction: ${violation?.reason ?? code}`);
    this.#pool.set(tx.hash, tx);
    return tx.hash;
  }

  async getTxReceipt(hash: Field): Promise<TxReceipt> {
    this.#count("getTxReceipt");
    if (this.#pool.has(hash)) return { txHash: hash, stage: "submitted" };
    for (const { block } of this.#chain) {
      const index = block.effects.findIndex(effect => effect.txHash === hash);
      const effect = block.effects[index];
      if (effect === undefined) continue;
      const { number } = block.header;
      const stage = number <= this.#finalized ? "finalized" : number <= this.#proven ? "proven" : "pending";
      return {
        txHash: hash,
        stage,
        block: { number, hash: block.headerHash, index },
        fee: effect.fee,
        reverted: effect.reverted,
      };
    }
    const code = this.#dropped.get(hash);
    return code === undefined ? { txHash: hash, stage: "unknown" } : { txHash: hash, stage: "dropped", code };
  }

  async getTx(hash: Field): Promise<Tx | null> {
    return this.#pool.get(hash) ?? this.#chain.flatMap(entry => entry.txs).find(tx => tx.hash === hash) ?? null;
  }

  async getPendingTxs(limit: number): Promise<readonly Field[]> {
    return [...this.#pool.keys()].slice(0, limit);
  }

  async getBaseFees(): Promise<GasFees> {
    return this.#nextBaseFees();
  }

  async getCurrentSlot(): Promise<Slot> {
    return Slot(this.#slot);
  }

  async getPublicBalance(address: Field): Promise<bigint> {
    return this.#tip.state.publicBalance(address);
  }

  async getNoteHashWitness(index: bigint, block: BlockNumber): Promise<MembershipWitness> {
    this.#count("getNoteHashWitness");
    const { state } = this.#at(block);
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
    const { state, block } = this.#tip;
    const index = this.#messages.indexOf(messageHash);
    if (index < 0 || index >= state.messages.leafCount) return null;
    return {
      block: block.header.number,
      root: state.reference().messages.root,
      index: BigInt(index),
      path: unpackFields(state.messages.path(index)),
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
    return [...addresses, FEE_RECIPIENT].reduce((sum, address) => sum + this.#tip.state.publicBalance(address), 0n);
  }

  get #tip(): FakeChainBlock {
    return this.#at(this.#chain.length - 1);
  }

  get #identity(): ChainIdentity {
    const { chainId, rollupVersion, contracts } = this.deployment;
    return { chainId, rollupVersion, feePortal: contracts.feePortal };
  }

  #indexOf(messageHash: Field): bigint | undefined {
    const index = this.#messages.indexOf(messageHash);
    return index < 0 ? undefined : BigInt(index);
  }

  #at(number: number): FakeChainBlock {
    const entry = this.#chain[number];
    if (entry === undefined) throw new CodedError("FAKE_NODE_NO_BLOCK", `the fake node has no block ${number}`);
    return entry;
  }

  #messagesOf(number: number): readonly Field[] {
    const from = constants.MESSAGES_PER_BLOCK * (number - 1);
    return this.#messages.slice(from, from + constants.MESSAGES_PER_BLOCK).filter(message => message !== 0n);
  }

  /** What waits for a later block stays; the rest is dropped. */
  #exclude(tx: Tx, code: string): void {
    if (code === "TX_BLOCK_FULL" || code === "TX_MESSAGE_ABSENT" || code === "TX_MAX_FEE_TOO_LOW") return;
    this.drop(tx.hash, code);
  }

  #nextBaseFees(): GasFees {
    const { header } = this.tip;
    return header.number === 0
      ? header.baseFees
      : nextBaseFees(
          header.baseFees,
          { l2: header.totalL2Gas, da: header.totalDaGas },
          this.deployment.parameters.gasTarget,
        );
  }

  #count(method: string): void {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
  }
}

/** An effect of no transaction. */
function writing(write: PublicDataWrite): TxEffect {
  return {
    txHash: ZERO_FIELD,
    reverted: false,
    fee: 0n,
    nullifiers: [ZERO_FIELD, ZERO_FIELD],
    noteHashes: [ZERO_FIELD, ZERO_FIELD],
    writes: [write, NO_WRITE, NO_WRITE, NO_WRITE],
    l2ToL1Message: ZERO_FIELD,
    encryptedNotes: NO_ENCRYPTED_NOTES,
  };
}

import { MemoryNodeStore, unpackFields } from "@sprtn/merkle-trees";
import { BlockNumber, EthAddress, Field, jsFieldHasher, Slot, type UnixSeconds } from "@sprtn/primitives";
import type {
  BlockSource,
  ChainEvent,
  L1Position,
  MinedTx,
  RollupView,
  StateForks,
  StateView,
  StateViews,
} from "@sprtn/ports";
import type { BlockId, ChainTips, Deployment, L2Block, RollupParameters, StateReference } from "@sprtn/protocol";
import { applyBlock, applyGenesis, perTree, RollupState, type StateFork } from "@sprtn/state-transition";
import { chain, type ChainFixture, gasTarget } from "@sprtn/state-transition/chain-fixture";
import { buildDeployment } from "./fake-rollup.js";

/** The deployment whose chain a {@link ChainFixture} makes: slots of 8 s since 1000, 4 slots per epoch. */
export function chainDeployment(fixture: ChainFixture, parameters: Partial<RollupParameters> = {}): Deployment {
  const base = buildDeployment();
  const genesis = fixture.blocks[0] as L2Block;
  const { timestamp, baseFees } = genesis.header;
  return {
    ...base,
    chainId: chain.chainId,
    rollupVersion: chain.rollupVersion,
    contracts: { ...base.contracts, feePortal: chain.feePortal },
    genesis: { header: genesis.header, archive: genesis.archive },
    parameters: {
      ...base.parameters,
      genesisTime: timestamp,
      slotDuration: 8 as RollupParameters["slotDuration"],
      gasTarget,
      initialBaseFees: baseFees,
      ...parameters,
    },
  };
}

/**
 * One node's chain and trees, by the real rules of execution: it follows the blocks that it is given. L1's messages are
 * the fixture's.
 */
export class FakeChain implements BlockSource, StateForks, StateViews {
  isSynced = true;
  readonly #blocks: { readonly block: L2Block; readonly state: RollupState }[] = [];
  readonly #kept = new Map<Field, StateFork>();
  readonly #listeners = new Set<(event: ChainEvent) => Promise<void> | void>();
  #proven = 0;
  #finalized = 0;

  constructor(private readonly fixture: Pick<ChainFixture, "blocks" | "messages" | "messageIndices">) {
    const state = new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher: jsFieldHasher });
    const { timestamp, baseFees } = (fixture.blocks[0] as L2Block).header;
    this.#blocks.push({ block: applyGenesis(state, { genesisTime: timestamp, initialBaseFees: baseFees }), state });
  }

  get tip(): L2Block {
    return this.#tip.block;
  }

  /** Follows the fixture's blocks that are above the tip. */
  async follow(): Promise<void> {
    await this.append(...this.fixture.blocks.slice(this.#blocks.length));
  }

  async append(...blocks: readonly L2Block[]): Promise<void> {
    for (const block of blocks) {
      const state = this.#tip.state.fork();
      applyBlock(state, block, this.fixture.messages.get(block.header.number) ?? []);
      this.#blocks.push({ block, state });
    }
    if (blocks.length > 0) await this.#tell({ type: "blocks-added", blocks });
  }

  async remove(depth: number, cause: "prune" | "reorg" = "reorg"): Promise<void> {
    const removed = this.#blocks.splice(this.#blocks.length - depth, depth).map(({ block }) => block);
    await this.#tell({ type: "blocks-removed", tip: this.#id(this.#blocks.length - 1), removed, cause });
  }

  async prove(number: number = this.tip.header.number): Promise<void> {
    this.#proven = number;
    await this.#tell({ type: "proven", tip: this.#id(number) });
  }

  async finalize(number: number = this.#proven): Promise<void> {
    this.#finalized = number;
    await this.#tell({ type: "finalized", tip: this.#id(number) });
  }

  /** Tells the listeners that something changed, though no block did. */
  async wake(): Promise<void> {
    await this.#tell({ type: "proven", tip: this.#id(this.#proven) });
  }

  tips(): ChainTips {
    return {
      pending: this.#id(this.#blocks.length - 1),
      proven: this.#id(this.#proven),
      finalized: this.#id(this.#finalized),
    };
  }

  async block(number: BlockNumber): Promise<L2Block | undefined> {
    return this.#blocks[number]?.block;
  }

  async l1Position(): Promise<L1Position | undefined> {
    return undefined;
  }

  async minedTx(txHash: Field): Promise<MinedTx | undefined> {
    for (const { block } of this.#blocks) {
      const index = block.effects.findIndex(effect => effect.txHash === txHash);
      const effect = block.effects[index];
      if (effect !== undefined) return { block: this.#id(block.header.number), index, effect };
    }
    return undefined;
  }

  async messages(number: BlockNumber): Promise<readonly Field[]> {
    return this.fixture.messages.get(number) ?? [];
  }

  async nextMessageBlock(): Promise<BlockNumber | undefined> {
    const waiting = [...this.fixture.messages]
      .filter(([number, list]) => number > this.tip.header.number && list.length > 0)
      .map(([number]) => number);
    return waiting.length === 0 ? undefined : BlockNumber(Math.min(...waiting));
  }

  async messageIndex(hash: Field): Promise<bigint | undefined> {
    return this.fixture.messageIndices.get(hash);
  }

  synced(): boolean {
    return this.isSynced;
  }

  subscribe(listener: (event: ChainEvent) => Promise<void> | void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forkAt(block: BlockNumber): StateFork {
    return this.#at(block).state.fork();
  }

  forkOn(archive: Field): StateFork | undefined {
    return this.#kept.get(archive)?.fork();
  }

  keep(block: L2Block, fork: StateFork): void {
    this.#kept.set(block.archive, fork);
  }

  referenceAt(block: BlockNumber): StateReference | undefined {
    return this.#blocks[block]?.state.reference();
  }

  readonly lookups = { anchorBlock: (root: Field) => this.anchorBlock(root) };

  anchorBlock(noteHashRoot: Field): BlockNumber | undefined {
    const index = this.#blocks.findIndex(({ state }) => state.reference().noteHashes.root === noteHashRoot);
    return index < 0 ? undefined : BlockNumber(index);
  }

  latest(): StateView {
    return this.at(this.tip.header.number);
  }

  at(number: BlockNumber): StateView {
    const { block, state } = this.#at(number);
    return {
      block: number,
      archive: block.archive,
      reference: () => state.reference(),
      publicBalance: address => state.publicBalance(address),
      hasNullifier: nullifier => state.nullifiers.has(nullifier),
      noteHashPath: index => unpackFields(state.noteHashes.path(Number(index))),
      messagePath: index => unpackFields(state.messages.path(Number(index))),
    };
  }

  get #tip() {
    return this.#at(this.#blocks.length - 1);
  }

  #at(number: number) {
    return this.#blocks[number] as { readonly block: L2Block; readonly state: RollupState };
  }

  #id(number: number): BlockId {
    const { header, headerHash } = this.#at(number).block;
    return { number: header.number, hash: headerHash };
  }

  async #tell(event: ChainEvent): Promise<void> {
    for (const listener of [...this.#listeners]) await listener(event);
  }
}

/** The Rollup as a {@link FakeChain} has it, or as a test says. */
export class FakeRollupView implements RollupView {
  prunable = false;
  /** Blocks that L1 has and the node does not know of yet. */
  unseen = 0;
  readonly checkpointed = new Set<number>();
  readonly setUp = new Set<number>();

  constructor(private readonly source: Pick<BlockSource, "tips">) {}

  async tips() {
    const { pending, proven } = this.source.tips();
    return { pending: BlockNumber(pending.number + this.unseen), proven: proven.number };
  }

  async randaoCheckpointed(epoch: number): Promise<boolean> {
    return this.checkpointed.has(epoch);
  }

  async isSetUp(epoch: number): Promise<boolean> {
    return this.setUp.has(epoch);
  }

  async canPrune(_at: UnixSeconds): Promise<boolean> {
    return this.prunable;
  }
}

/** Addresses 0x01…, 0x02… of as many validators. */
export function fakeAddresses(count: number): EthAddress[] {
  return Array.from({ length: count }, (_, index) =>
    EthAddress(`0x${(index + 1).toString(16).padStart(2, "0").repeat(20)}`),
  );
}

/** A slot of the fixture's deployment, as a time on the clock. */
export const chainSlotMs = (slot: number): number => 1000 * (1000 + 8 * Slot(slot));

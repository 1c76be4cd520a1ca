import { MemoryNodeStore } from "@sprtn/merkle-trees";
import {
  BlockNumber,
  CodedError,
  type EthAddress,
  Field,
  type FieldHasher,
  Slot,
  UnixSeconds,
} from "@sprtn/primitives";
import {
  type ChainIdentity,
  type ChainTips,
  constants,
  type Deployment,
  type GasFees,
  type L2Block,
  nextBaseFees,
  type Tx,
} from "@sprtn/protocol";
import { buildBlock, type BuiltBlock, perTree, RollupState } from "@sprtn/state-transition";
import { applyBalanceGenesis } from "./balance-genesis.js";

/** One block with the state after it and the transactions in it. */
interface FakeL2Block {
  readonly block: L2Block;
  readonly state: RollupState;
  readonly txs: readonly Tx[];
}

/** L2 address that the blocks pay tips to. */
export const FAKE_FEE_RECIPIENT = Field(999);

/** Where a chain begins. */
interface FakeL2ChainSettings {
  readonly deployment: Deployment;
  readonly identity: ChainIdentity;
  readonly balances: ReadonlyMap<Field, bigint>;
  readonly hasher: FieldHasher;
}

/** What the next block takes. */
interface BlockContents {
  readonly txs: Iterable<Tx>;
  readonly messages: readonly Field[];
  readonly indexOf: (messageHash: Field) => bigint | undefined;
}

/** An L2 chain in memory, whose blocks are built by the real rules. */
export class FakeL2Chain {
  slot = 0;
  readonly #settings: FakeL2ChainSettings;
  readonly #entries: FakeL2Block[] = [];
  #proven = 0;
  #finalized = 0;
  /** Tells blocks apart that stand at one height before and after a reorg. */
  #mined = 0;

  constructor(settings: FakeL2ChainSettings) {
    this.#settings = settings;
    const { deployment, hasher, balances } = settings;
    const state = new RollupState({ stores: perTree(() => new MemoryNodeStore()), hasher });
    const block = applyBalanceGenesis(state, { balances, hasher, parameters: deployment.parameters });
    this.#entries.push({ block, state, txs: [] });
  }

  get tip(): FakeL2Block {
    return this.at(this.#entries.length - 1);
  }

  /** The chain, genesis first. */
  get entries(): readonly FakeL2Block[] {
    return this.#entries;
  }

  /** @throws CodedError FAKE_NODE_NO_BLOCK */
  at(number: number): FakeL2Block {
    const entry = this.#entries[number];
    if (entry === undefined) throw new CodedError("FAKE_NODE_NO_BLOCK", `the fake node has no block ${number}`);
    return entry;
  }

  tips(): ChainTips {
    const id = (number: number) => ({ number: BlockNumber(number), hash: this.at(number).block.headerHash });
    return { pending: id(this.tip.block.header.number), proven: id(this.#proven), finalized: id(this.#finalized) };
  }

  stageOf(number: BlockNumber): "pending" | "proven" | "finalized" {
    return number <= this.#finalized ? "finalized" : number <= this.#proven ? "proven" : "pending";
  }

  /** Base fees of the block after the tip. */
  nextBaseFees(): GasFees {
    const { header } = this.tip.block;
    const { gasTarget } = this.#settings.deployment.parameters;
    return header.number === 0
      ? header.baseFees
      : nextBaseFees(header.baseFees, { l2: header.totalL2Gas, da: header.totalDaGas }, gasTarget);
  }

  /** The next block, `slots` after the last one. */
  mine(slots: number, { txs, messages, indexOf }: BlockContents): BuiltBlock {
    const { block: previous, state: before } = this.tip;
    this.slot = Math.max(previous.header.slot + slots, this.slot);
    const { parameters } = this.#settings.deployment;
    const state = before.fork();
    const anchors = new Map(
      this.#entries.map(entry => [entry.state.reference().noteHashes.root, entry.block.header.number]),
    );
    const built = buildBlock(
      { fork: state, lookups: { anchorBlock: root => anchors.get(root), messageIndex: indexOf } },
      { txs, messages },
      {
        chain: this.#settings.identity,
        number: BlockNumber(previous.header.number + 1),
        slot: Slot(this.slot),
        timestamp: UnixSeconds(parameters.genesisTime + this.slot * parameters.slotDuration),
        coinbase: `0x${(++this.#mined).toString(16).padStart(40, "0")}` as EthAddress,
        feeRecipient: FAKE_FEE_RECIPIENT,
        baseFees: this.nextBaseFees(),
        gasTarget: parameters.gasTarget,
        maxTxs: constants.MAX_TXS_PER_BLOCK,
      },
    );
    this.#entries.push({ block: built.block, state, txs: built.txs });
    return built;
  }

  /** Takes the last `depth` blocks away; gives their transactions. */
  reorg(depth: number): readonly Tx[] {
    const removed = this.#entries.splice(this.#entries.length - depth, depth);
    this.slot += 1;
    return removed.flatMap(entry => entry.txs);
  }

  prove(number: number): void {
    this.#proven = number;
  }

  finalize(number: number): void {
    this.#proven = Math.max(this.#proven, number);
    this.#finalized = number;
  }
}

import { BlockNumber, EthAddress, Field, Slot, UnixSeconds, ZERO_ADDRESS, ZERO_FIELD } from "@sprtn/primitives";
import type { L1BlockRef, L1ChainState } from "@sprtn/ports";
import {
  type BlockHeader,
  constants,
  type ContractAddresses,
  type Deployment,
  encodeEffects,
  encodeHeader,
  hashEffects,
  hashHeader,
  hashL1ToL2Message,
  inHashOf,
  type L2Block,
  nextBaseFees,
  outHashOf,
  type TxEffect,
} from "@sprtn/protocol";
import { buildEffect } from "./build-effect.js";
import { buildParameters } from "./build-parameters.js";
import type { FakeL1, ScriptedL1Event } from "./fake-l1.js";
import { fakeArchive, fakeStateHash } from "./fake-state-store.js";

const contract = (index: number): EthAddress => EthAddress(`0x${index.toString(16).padStart(40, "0")}`);

const parameters = buildParameters();

const names = [
  "teocalli",
  "registry",
  "validatorRegistry",
  "rollup",
  "rewards",
  "availabilityOracle",
  "inbox",
  "outbox",
  "feePortal",
  "token",
  "verifier",
] as const;

/** A deployment for tests; its genesis fits the fake state. */
export function buildDeployment(change: Partial<Deployment> = {}): Deployment {
  const header: BlockHeader = {
    lastArchive: Field(1),
    number: BlockNumber(0),
    slot: Slot(0),
    timestamp: parameters.genesisTime,
    coinbase: ZERO_ADDRESS,
    feeRecipient: ZERO_FIELD,
    baseFees: parameters.initialBaseFees,
    daHash: ZERO_FIELD,
    inHash: ZERO_FIELD,
    outHash: ZERO_FIELD,
    txCount: 0,
    totalBaseFees: 0n,
    totalL2Gas: 0n,
    totalDaGas: 0n,
    stateHash: Field(2),
  };
  return {
    name: "fake",
    chainId: 31337n,
    rollupVersion: 1n,
    proofMode: "simulated",
    crs: null,
    keyTreeRoot: Field(3),
    l1StartBlock: 1,
    parameters,
    contracts: Object.fromEntries(
      names.map((name, index) => [name, contract(index + 1)]),
    ) as unknown as ContractAddresses,
    genesis: { header, archive: fakeArchive(header.lastArchive, hashHeader(header)) },
    ...change,
  };
}

interface RollupState {
  /** By number, genesis first. */
  readonly blocks: L2Block[];
  readonly subtrees: Map<number, readonly Field[]>;
  highestProcessed: number;
  proven: number;
}

function chainState(state: RollupState | undefined): L1ChainState | undefined {
  if (!state) return undefined;
  const { header, archive } = state.blocks.at(-1) as L2Block;
  const open = openSubtree(state);
  return {
    pending: header.number,
    proven: BlockNumber(state.proven),
    archive,
    inHashes: Array.from({ length: Math.max(0, open - header.number) }, (_, i) =>
      inHashOf(state.subtrees.get(header.number + 1 + i) ?? []),
    ),
  };
}

/** MSG-1: subtree max(last used one, highestProcessed + 3), or the next one when that is full. */
function openSubtree({ subtrees, highestProcessed }: RollupState): number {
  const block = Math.max(0, ...subtrees.keys(), highestProcessed + 3);
  return subtrees.get(block)?.length === constants.MESSAGES_PER_BLOCK ? block + 1 : block;
}

/** What a proposed block holds, and what is made wrong about it. */
export interface Proposal {
  /** How many transactions, or which. */
  readonly txs?: number | readonly TxEffect[];
  /** Slots after the block before. */
  readonly slots?: number;
  /** Makes the header wrong, before its hash and archive are taken. */
  readonly header?: (header: BlockHeader) => BlockHeader;
  /** Makes what is published wrong. */
  readonly publish?: (event: Extract<ScriptedL1Event, { type: "block-proposed" }>) => ScriptedL1Event;
}

/** What can happen in one L1 block. */
export interface RollupTurn {
  propose(proposal?: Proposal): L2Block;
  /** Sends a message; returns the block that consumes it. */
  send(amount?: bigint): BlockNumber;
  prove(number?: number): void;
  prune(): void;
}

/**
 * The contracts as far as their events go: blocks that follow the rules (unless told otherwise), messages, proofs,
 * prunes; goes back with L1's reorgs.
 */
export class FakeRollup {
  readonly deployment: Deployment;
  readonly #states: RollupState[] = [];
  /** Makes each block and message its own, on every branch. */
  #salt = 0;

  constructor(
    readonly l1: FakeL1,
    deployment: Deployment = buildDeployment(),
  ) {
    this.deployment = deployment;
    const { header, archive } = deployment.genesis;
    const genesis: L2Block = { header, headerHash: hashHeader(header), archive, effects: [] };
    for (let number = 0; number <= l1.headNumber; number++)
      this.#states.push({ blocks: [genesis], subtrees: new Map(), highestProcessed: 0, proven: 0 });
    l1.contracts = number => chainState(this.#states[number]);
  }

  /** The pending chain by number, genesis first. */
  get blocks(): readonly L2Block[] {
    return this.#state.blocks;
  }

  get tip(): L2Block {
    return this.blocks.at(-1) as L2Block;
  }

  get proven(): number {
    return this.#state.proven;
  }

  messages(block: number): readonly Field[] {
    return this.#state.subtrees.get(block) ?? [];
  }

  /** One L1 block in which `script` happens. */
  mine(script: (turn: RollupTurn) => void = () => {}): L1BlockRef {
    const { blocks, subtrees, ...rest } = this.#state;
    const state: RollupState = { ...rest, blocks: [...blocks], subtrees: new Map(subtrees) };
    const events: ScriptedL1Event[] = [];
    script({
      propose: proposal => this.#propose(state, events, proposal),
      send: amount => this.#send(state, events, amount),
      prove: (number = state.blocks.length - 1) => {
        const firstBlock = BlockNumber(state.proven + 1);
        const { archive } = state.blocks[number] as L2Block;
        state.proven = number;
        events.push({ type: "block-proven", number: BlockNumber(number), prover: contract(99), firstBlock, archive });
      },
      prune: () => {
        const oldTip = BlockNumber(state.blocks.length - 1);
        state.blocks.length = state.proven + 1;
        events.push({ type: "pruned", tip: BlockNumber(state.proven), oldTip });
      },
    });
    this.#states.push(state);
    return this.l1.mine(...events);
  }

  /** Drops the last `depth` L1 blocks and everything that happened in them. */
  drop(depth: number): void {
    this.l1.drop(depth);
    this.#states.length -= depth;
  }

  get #state(): RollupState {
    return this.#states.at(-1) as RollupState;
  }

  #propose(
    state: RollupState,
    events: ScriptedL1Event[],
    { txs = 1, slots = 1, header: tweak = header => header, publish = event => event }: Proposal = {},
  ): L2Block {
    const parent = state.blocks.at(-1) as L2Block;
    const before = parent.header;
    const { genesisTime, slotDuration, gasTarget } = this.deployment.parameters;
    const effects = typeof txs === "number" ? Array.from({ length: txs }, () => buildEffect(++this.#salt)) : txs;
    const number = BlockNumber(before.number + 1);
    const slot = Slot(before.slot + slots);
    const messages = state.subtrees.get(number) ?? [];
    const header = tweak({
      lastArchive: parent.archive,
      number,
      slot,
      timestamp: UnixSeconds(genesisTime + slot * slotDuration),
      coinbase: contract(98),
      feeRecipient: Field(++this.#salt),
      baseFees: nextBaseFees(before.baseFees, { l2: before.totalL2Gas, da: before.totalDaGas }, gasTarget),
      daHash: hashEffects(effects),
      inHash: inHashOf(messages),
      outHash: outHashOf(effects),
      txCount: effects.length,
      totalBaseFees: 0n,
      totalL2Gas: BigInt(effects.length) * 10_000n,
      totalDaGas: BigInt(effects.length) * 704n,
      stateHash: fakeStateHash(before.stateHash, effects, messages),
    });
    const headerHash = hashHeader(header);
    const block: L2Block = { header, headerHash, archive: fakeArchive(parent.archive, headerHash), effects };
    state.blocks.push(block);
    state.highestProcessed = Math.max(state.highestProcessed, number);
    events.push(
      publish({
        type: "block-proposed",
        number,
        header: encodeHeader(header),
        archive: block.archive,
        effects: encodeEffects(effects),
      }),
    );
    return block;
  }

  #send(state: RollupState, events: ScriptedL1Event[], amount = 1n): BlockNumber {
    const block = openSubtree(state);
    const before = state.subtrees.get(block) ?? [];
    const message = {
      recipient: Field(7),
      amount,
      globalIndex: BigInt(constants.MESSAGES_PER_BLOCK * (block - 1) + before.length),
      secretHash: Field(++this.#salt),
    };
    const { chainId, rollupVersion, contracts } = this.deployment;
    const hash = hashL1ToL2Message({ chainId, rollupVersion, feePortal: contracts.feePortal }, message);
    state.subtrees.set(block, [...before, hash]);
    events.push({ type: "message-sent", blockNumber: BlockNumber(block), message, hash });
    return BlockNumber(block);
  }
}

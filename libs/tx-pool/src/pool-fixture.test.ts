import {
  BlockNumber,
  concatBytes,
  Field,
  jsFieldHasher,
  Seconds,
  Slot,
  UnixSeconds,
  ZERO_ADDRESS,
} from "@sprtn/primitives";
import {
  AuthorizationKind,
  type BlockId,
  CallKind,
  constants,
  createTx,
  hashEncryptedNotes,
  hashHeader,
  type L2Block,
  maxFeeOf,
  NO_ENCRYPTED_NOTES,
  NO_WRITE,
  type Tx,
  type TxEffect,
  type TxPublicInputs,
} from "@sprtn/protocol";
import type { BlockSource, ChainEvent, StateView, StateViews } from "@sprtn/ports";
import { ManualClock } from "@sprtn/runtime";
import { buildParameters, FakeL1Time, MemoryLogger } from "@sprtn/testing";
import { FakeGossip, FakeMeter, FakeProofs, FakeRequests, FakeStore } from "./fake-ports.test.js";
import { TxPool, type TxPoolOptions } from "./tx-pool.js";

/** A pool on fake ports, a fake chain, and a builder of transactions that it admits. */

export const ZERO = Field(0n);
export const GENESIS_ROOT = Field(1_000n);
const PROOF = new Uint8Array(constants.CLIENT_PROOF_BYTES).fill(7);
const NOTES_HASH = hashEncryptedNotes(jsFieldHasher, NO_ENCRYPTED_NOTES);

export const parameters = buildParameters({
  genesisTime: UnixSeconds(1_000),
  slotDuration: Seconds(10),
  capacity: 100,
  gasTarget: { l2: 1_000_000n, da: 100_000n },
  initialBaseFees: { perL2Gas: 10n, perDaGas: 10n },
});

const NO_WRITES: TxEffect["writes"] = [NO_WRITE, NO_WRITE, NO_WRITE, NO_WRITE];

let counter = 1n;

/** A transaction whose fee is paid from notes, with its own nullifiers, unless `changes` says otherwise. */
export function buildTx(
  changes: Partial<TxPublicInputs> & {
    readonly tip?: bigint;
    readonly maxFee?: bigint;
    readonly proof?: Uint8Array;
  } = {},
): Tx {
  const { tip = 1n, maxFee = 1_000n, proof = PROOF, ...rest } = changes;
  const seed = (counter += 10n) * 1_000_000n;
  const gas = rest.gas ?? {
    l2GasLimit: 50_000,
    daGasLimit: 2_000,
    l2TeardownGasLimit: 0,
    daTeardownGasLimit: 0,
    maxFees: { perL2Gas: maxFee, perDaGas: maxFee },
    priorityFees: { perL2Gas: tip, perDaGas: tip },
  };
  const feePayer = rest.feePayer ?? ZERO;
  return createTx(jsFieldHasher, {
    authorization: AuthorizationKind.PROOF,
    encryptedNotes: NO_ENCRYPTED_NOTES,
    proof,
    inputs: {
      chainId: 31_337n,
      rollupVersion: 1n,
      anchorNoteHashRoot: GENESIS_ROOT,
      expirationSlot: Slot(100),
      nullifiers: [Field(seed), Field(seed + 1n)],
      noteHashes: [Field(seed + 2n), ZERO],
      encryptedNotesHash: NOTES_HASH,
      publicSender: ZERO,
      call: { kind: CallKind.NONE, target: ZERO, amount: 0n, message: ZERO },
      feePayer,
      feeFromNotes: feePayer === 0n ? maxFeeOf(gas) : 0n,
      gas,
      ...rest,
    },
  });
}

/** What a fee payer must own for one transaction of {@link buildTx}. */
export const DUE = maxFeeOf(buildTx().inputs.gas);

export class FakeChain implements StateViews, BlockSource {
  readonly blocks: L2Block[] = [makeBlock(0, [], {})];
  readonly sentMessages = new Map<Field, bigint>();
  readonly balances = new Map<Field, bigint>();
  /** Note hash roots by block. */
  readonly roots = new Map<Field, BlockNumber>([[GENESIS_ROOT, BlockNumber(0)]]);
  isSynced = true;
  finalizedNumber = 0;
  /** What each transaction of the next block writes. */
  writes: TxEffect["writes"] = NO_WRITES;
  readonly #listeners = new Set<(event: ChainEvent) => Promise<void> | void>();

  get tip(): L2Block {
    return this.blocks.at(-1)!;
  }

  async add(txs: readonly Tx[], header: Partial<L2Block["header"]> = {}): Promise<L2Block> {
    const block = makeBlock(this.blocks.length, txs, { header, writes: this.writes });
    this.writes = NO_WRITES;
    this.blocks.push(block);
    await this.emit({ type: "blocks-added", blocks: [block] });
    return block;
  }

  async remove(count: number): Promise<L2Block[]> {
    const removed = this.blocks.splice(this.blocks.length - count, count);
    for (const [root, number] of this.roots) if (number >= this.blocks.length) this.roots.delete(root);
    await this.emit({ type: "blocks-removed", tip: idOf(this.tip), removed, cause: "reorg" });
    return removed;
  }

  async finalize(number: number): Promise<void> {
    this.finalizedNumber = number;
    await this.emit({ type: "finalized", tip: idOf(this.blocks[number]!) });
  }

  async emit(event: ChainEvent): Promise<void> {
    for (const listener of this.#listeners) await listener(event);
  }

  latest(): StateView {
    const used = new Set(this.blocks.flatMap(block => block.effects.flatMap(effect => [...effect.nullifiers])));
    const view: Partial<StateView> = {
      block: this.tip.header.number,
      publicBalance: address => this.balances.get(address) ?? 0n,
      hasNullifier: nullifier => used.has(nullifier),
    };
    return view as StateView;
  }

  at(): StateView {
    return this.latest();
  }

  anchorBlock(root: Field): BlockNumber | undefined {
    return this.roots.get(root);
  }

  tips() {
    const finalized = idOf(this.blocks[this.finalizedNumber]!);
    return { pending: idOf(this.tip), proven: finalized, finalized };
  }

  async block(number: BlockNumber) {
    return this.blocks[number];
  }

  async l1Position() {
    return undefined;
  }

  async minedTx() {
    return undefined;
  }

  async messages() {
    return [];
  }

  async nextMessageBlock() {
    return undefined;
  }

  async messageIndex(hash: Field) {
    return this.sentMessages.get(hash);
  }

  synced() {
    return this.isSynced;
  }

  subscribe(listener: (event: ChainEvent) => Promise<void> | void) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

function idOf(block: L2Block): BlockId {
  return { number: block.header.number, hash: block.headerHash };
}

function makeBlock(
  number: number,
  txs: readonly Tx[],
  {
    header: changes = {},
    writes = NO_WRITES,
  }: { readonly header?: Partial<L2Block["header"]>; readonly writes?: TxEffect["writes"] },
): L2Block {
  const header = {
    lastArchive: ZERO,
    number: BlockNumber(number),
    slot: Slot(number),
    timestamp: UnixSeconds(1_000 + 10 * number),
    coinbase: ZERO_ADDRESS,
    feeRecipient: ZERO,
    // Just at the target, so that base fees stay.
    baseFees: parameters.initialBaseFees,
    daHash: ZERO,
    inHash: ZERO,
    outHash: ZERO,
    txCount: txs.length,
    totalBaseFees: 0n,
    totalL2Gas: parameters.gasTarget.l2,
    totalDaGas: parameters.gasTarget.da,
    stateHash: ZERO,
    ...changes,
  };
  const effects = txs.map(tx => ({
    txHash: tx.hash,
    reverted: false,
    fee: 0n,
    nullifiers: tx.inputs.nullifiers,
    noteHashes: tx.inputs.noteHashes,
    writes,
    l2ToL1Message: ZERO,
    encryptedNotes: tx.encryptedNotes,
  }));
  return { header, headerHash: hashHeader(header), archive: Field(BigInt(number + 1)), effects };
}

export const defaults: TxPoolOptions = {
  chain: { chainId: 31_337n, rollupVersion: 1n },
  parameters,
  maxTxs: 100,
  maxBytes: 100_000_000,
  peerTxsPerSecond: 10,
  peerBurst: 20,
  fetchTimeoutMs: 1_000,
  fetchParallel: 2,
  fetchPauseMs: 100,
};

export class PoolFixture {
  readonly chain = new FakeChain();
  readonly gossip = new FakeGossip();
  readonly requests = new FakeRequests();
  readonly proofs = new FakeProofs();
  readonly logger = new MemoryLogger();
  readonly meter = new FakeMeter();
  readonly clock = new ManualClock(1_000_000);
  /** As the clock has it, unless a test says otherwise. */
  readonly l1Time = new FakeL1Time(this.clock);
  readonly hasher = jsFieldHasher;
  pool: TxPool;

  private constructor(
    readonly store: FakeStore,
    readonly options: TxPoolOptions,
  ) {
    this.pool = this.#make();
  }

  static async start(options: Partial<TxPoolOptions> = {}, store = new FakeStore()): Promise<PoolFixture> {
    const fixture = new PoolFixture(store, { ...defaults, ...options });
    await fixture.pool.start(new AbortController().signal);
    return fixture;
  }

  /** A new pool on the same disk and chain. */
  async restart(): Promise<void> {
    await this.pool.stop();
    this.pool = this.#make();
    await this.pool.start(new AbortController().signal);
  }

  #make(): TxPool {
    return new TxPool({ ...this, states: this.chain, blocks: this.chain }, this.options);
  }

  /** A new pool on what was on the disk at this moment: the old one was killed and writes to a disk of its own. */
  async kill(): Promise<void> {
    const records = new Map(this.store.records);
    await this.pool.stop();
    this.store.records.clear();
    for (const [name, record] of records) this.store.records.set(name, record);
    this.pool = this.#make();
    await this.pool.start(new AbortController().signal);
  }

  /** The code of the refusal, or "accepted". */
  async add(tx: Tx, origin: "local" | "gossip" | "peer" = "local"): Promise<string> {
    const admission = await this.pool.add(tx, origin);
    return admission.accepted ? "accepted" : admission.code;
  }

  hashes(): Field[] {
    return this.pool.pending(1_000).map(tx => tx.hash);
  }

  storedCount(): number {
    return [...this.store.records.keys()].filter(name => name.startsWith("0x01")).length;
  }
}

export const badProof = concatBytes(Uint8Array.of(0xbd), PROOF.slice(1));

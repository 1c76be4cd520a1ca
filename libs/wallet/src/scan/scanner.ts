import { BlockNumber, type Field, type FieldHasher } from "@sprtn/primitives";
import type { Clock, NodeApi } from "@sprtn/ports";
import { LruMap, SerialQueue, sleep, throwIfAborted } from "@sprtn/runtime";
import type { AccountKeys } from "../keys/account-keys.js";
import type { Discovery, ExpectedNote } from "../notes/discover-notes.js";
import { WalletError, WalletErrorCode } from "../wallet-error.js";
import { scanBatch } from "./scan-batch.js";
import type { ScanStore } from "./scan-store.js";
import { BLOCKS_AT_ONCE, commonAncestor, unwindTo } from "./unwind.js";

export interface ScannerDependencies {
  readonly hasher: FieldHasher;
  readonly clock: Clock;
  readonly node: Pick<NodeApi, "getBlocks" | "getChainTips">;
  readonly store: ScanStore;
  readonly accounts: readonly AccountKeys[];
}

/**
 * The wallet's own outputs, remembered until their blocks arrive; one that is forgotten is decrypted like any other.
 */
const EXPECTED_NOTES = 10_000;

/** Decryptions in one go before others have their turn: about 0.1 s of computing. */
const DECRYPTIONS_AT_ONCE = 32;

/** Follows the chain block by block and keeps the note store in step with it. */
export class Scanner {
  readonly #dependencies: ScannerDependencies;
  readonly #queue = new SerialQueue({ name: "the wallet's scan", maxWaiting: 1_000 });
  readonly #expected = new LruMap<Field, ExpectedNote>(EXPECTED_NOTES);
  #finalized = BlockNumber(0);
  #decryptions = 0;

  constructor(dependencies: ScannerDependencies) {
    this.#dependencies = dependencies;
  }

  /** As of the last sync. */
  get finalized(): BlockNumber {
    return this.#finalized;
  }

  expect(uniqueHash: Field, note: ExpectedNote): void {
    this.#expected.set(uniqueHash, note);
  }

  /** Forgets what was read and reads the chain from genesis. */
  async rescan(signal?: AbortSignal): Promise<void> {
    const { store } = this.#dependencies;
    await this.#queue.run(() => store.write(store.forgetting()), signal);
    await this.sync(signal);
  }

  /** Reads up to the node's pending tip. What was read stays, when it is aborted. */
  sync(signal?: AbortSignal): Promise<void> {
    return this.#queue.run(() => this.#sync(signal), signal);
  }

  /** {@link sync}, unless the last block that was read is the node's pending tip: what each payment begins with. */
  async catchUp(signal?: AbortSignal): Promise<void> {
    const { node, store } = this.#dependencies;
    const { pending } = await node.getChainTips();
    if (store.tip?.hash === pending.hash) return;
    await this.#queue.run(async () => {
      // Another payment may have brought it here meanwhile.
      if (store.tip?.hash !== pending.hash) await this.#sync(signal);
    }, signal);
  }

  async #sync(signal: AbortSignal | undefined): Promise<void> {
    while (await this.#step(signal)) throwIfAborted("the scan", signal);
    await this.#tidy();
  }

  /**
   * One request's blocks, or one unwinding; false at the tip. The last scanned block is asked for again: it shows
   * whether the chain still holds it.
   */
  async #step(signal: AbortSignal | undefined): Promise<boolean> {
    const { node, store } = this.#dependencies;
    const { tip } = store;
    const blocks = await node.getBlocks(tip?.number ?? BlockNumber(0), BLOCKS_AT_ONCE);
    if (tip !== undefined && blocks[0]?.headerHash !== tip.hash) {
      await store.write(unwindTo(store, await commonAncestor(node, store)));
      return true;
    }
    const fresh = tip === undefined ? blocks : blocks.slice(1);
    if (tip === undefined && fresh.length === 0)
      throw new WalletError(
        WalletErrorCode.BAD_NODE_ANSWER,
        "the node has no genesis block: wait until it has started",
        { what: "block 0" },
      );
    await store.write(await scanBatch(this.#discovery(signal), store, fresh));
    return fresh.length > 0;
  }

  #discovery(signal: AbortSignal | undefined): Discovery {
    const { hasher, accounts, clock } = this.#dependencies;
    const breathe = async () => {
      if (++this.#decryptions % DECRYPTIONS_AT_ONCE === 0) await sleep(clock, 0, signal);
    };
    return { hasher, accounts, expected: hash => this.#expected.get(hash), breathe };
  }

  /**
   * Drops what no reorg can bring back: blocks below the finalized one (genesis stays: it names the chain), older
   * balances, paths of notes that are spent for good, and reservations that no longer hold.
   */
  async #tidy(): Promise<void> {
    const { node, store } = this.#dependencies;
    const { tip } = store;
    if (tip === undefined) return;
    // The chain may have gone on since the last block was read.
    this.#finalized = BlockNumber(Math.min((await node.getChainTips()).finalized.number, tip.number));
    const isFinal = (block: BlockNumber | null | undefined) =>
      block !== null && block !== undefined && block <= this.#finalized;
    const settled = [...store.reservations()].filter(({ nullifier }) =>
      isFinal(store.noteByNullifier(nullifier)?.spentIn),
    );
    const expired = store
      .expired(tip.slot)
      .filter(({ nullifier }) => store.noteByNullifier(nullifier)?.spentIn === null);
    const lastFinal = new Map(
      store.balances.filter(({ block }) => isFinal(block)).map(record => [record.account, record]),
    );
    await store.write({
      removedBlocks: store.blocks.filter(block => block.number > 0 && block.number < this.#finalized),
      removedReservations: [...new Set([...settled, ...expired])],
      removedPaths: [...store.paths()].filter(path => isFinal(store.note(path.uniqueHash)?.spentIn)),
      removedBalances: store.balances.filter(
        record => isFinal(record.block) && lastFinal.get(record.account) !== record,
      ),
    });
  }
}

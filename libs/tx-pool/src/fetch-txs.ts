import { codeOf, type Field, type FieldHasher, messageOf } from "@sprtn/primitives";
import { decodeTx, decodeTxResponse, encodeTxRequest, MAX_TX_REQUEST_HASHES, type Tx } from "@sprtn/protocol";
import type { Clock, Logger, RequestResponse } from "@sprtn/ports";
import { isAbortError, RuntimeErrorCode, sleep, withTimeout } from "@sprtn/runtime";
import { isMalformed, type Refusal, TxRefusalCode } from "./refusal.js";

export interface FetchTxsDependencies {
  readonly requests: RequestResponse;
  readonly hasher: FieldHasher;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What this node has got by now, by whatever way. */
  readonly find: (hash: Field) => Tx | undefined;
  /** What is wrong with it in every state, its proof included. */
  readonly check: (tx: Tx) => Promise<Refusal | undefined>;
  /** Hears of each transaction that a peer gave and that is valid in itself. */
  readonly onFound: (tx: Tx) => void;
}

export interface FetchTxsSettings {
  readonly fetchTimeoutMs: number;
  readonly fetchParallel: number;
  readonly fetchPauseMs: number;
}

/**
 * Pauses between two rounds that bring nothing, at most. They double, since peers serve each other so many requests
 * only: what a false proposal asks for must leave enough for the next.
 */
const MAX_PAUSES = 8;

/** Finds transactions here and at peers. */
export class FetchTxs {
  readonly #dependencies: FetchTxsDependencies;
  readonly #settings: FetchTxsSettings;

  constructor(dependencies: FetchTxsDependencies, settings: FetchTxsSettings) {
    this.#dependencies = dependencies;
    this.#settings = settings;
  }

  /**
   * Asks peers, best first and several at once, round after round; resolves when all are found or `signal` aborts.
   * Never rejects.
   */
  async run(hashes: readonly Field[], signal: AbortSignal): Promise<ReadonlyMap<Field, Tx>> {
    const search = new Search(hashes, this.#dependencies.find);
    const until = AbortSignal.any([signal, search.done]);
    for (let wait = 1; !until.aborted; wait = Math.min(2 * wait, MAX_PAUSES)) {
      const missing = search.missing.size;
      await this.#askPeers(search, until);
      if (search.missing.size < missing) wait = 1;
      for (let pause = 0; pause < wait && !until.aborted; pause++) {
        await sleep(this.#dependencies.clock, this.#settings.fetchPauseMs, until).catch(ignoreAbort);
        search.lookHere();
      }
    }
    return search.found;
  }

  /** One round: each peer in turn, until nothing is missing. */
  async #askPeers(search: Search, signal: AbortSignal): Promise<void> {
    const peers = [...this.#dependencies.requests.peers()];
    const worker = async () => {
      for (let peer = peers.shift(); peer !== undefined && !signal.aborted; peer = peers.shift()) {
        // A peer that gave something may have the rest too.
        while ((await this.#ask(peer, search, signal)) && !signal.aborted);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#settings.fetchParallel, peers.length) }, worker));
  }

  /** Whether `peer` gave something that was missing. */
  async #ask(peer: string, search: Search, signal: AbortSignal): Promise<boolean> {
    const { requests, clock, logger } = this.#dependencies;
    const asked = search.claim();
    const missing = search.missing.size;
    try {
      const timeout = { clock, timeoutMs: this.#settings.fetchTimeoutMs, what: `transactions from ${peer}`, signal };
      const answer = await withTimeout(timeout, inner =>
        requests.request(peer, { protocol: "txs", data: encodeTxRequest(asked) }, inner),
      );
      const given = await this.#read(answer, { asked: new Set(asked), search, signal });
      if (given.fault) requests.penalize(peer, "severe", given.fault);
      return given.taken > 0 && !given.fault && search.missing.size < missing;
    } catch (error) {
      if (isAbortError(error)) return false;
      logger.verbose("a peer returned no transactions", { peer, code: codeOf(error), error: messageOf(error) });
      // What the network layer refuses or loses it judges itself; being too slow for a block is our own measure.
      if (codeOf(error) === RuntimeErrorCode.TIMEOUT) requests.penalize(peer, "mild", RuntimeErrorCode.TIMEOUT);
      return false;
    } finally {
      search.release(asked);
    }
  }

  /** Takes what is right out of an answer. An empty one is not a fault: a peer need not have what we miss. */
  async #read(
    answer: Uint8Array,
    { asked, search, signal }: { asked: Set<Field>; search: Search; signal: AbortSignal },
  ): Promise<{ taken: number; fault?: string }> {
    let taken = 0;
    try {
      for (const bytes of decodeTxResponse(answer)) {
        const tx = decodeTx(this.#dependencies.hasher, bytes);
        if (!asked.delete(tx.hash)) return { taken, fault: TxRefusalCode.NOT_ASKED };
        if (signal.aborted) break;
        if (!search.missing.has(tx.hash)) continue;
        const refusal = await this.#dependencies.check(tx);
        if (refusal && isMalformed(refusal.code)) return { taken, fault: refusal.code };
        if (refusal || !search.take(tx)) continue;
        taken += 1;
        this.#dependencies.onFound(tx);
      }
    } catch (error) {
      return { taken, fault: codeOf(error) };
    }
    return { taken };
  }
}

/** What one call looks for, and what it has found. */
class Search {
  readonly found = new Map<Field, Tx>();
  readonly missing: Set<Field>;
  readonly #find: (hash: Field) => Tx | undefined;
  readonly #done = new AbortController();
  /** How many requests are under way for a hash. */
  readonly #claims = new Map<Field, number>();

  constructor(hashes: readonly Field[], find: (hash: Field) => Tx | undefined) {
    this.missing = new Set(hashes);
    this.#find = find;
    this.lookHere();
  }

  /** Fires when nothing is missing. */
  get done(): AbortSignal {
    return this.#done.signal;
  }

  lookHere(): void {
    for (const hash of this.missing) {
      const tx = this.#find(hash);
      if (tx) this.take(tx);
    }
    if (this.missing.size === 0) this.#done.abort();
  }

  /** What to ask the next peer for: first what no other is asked for now. */
  claim(): Field[] {
    const claimed = (hash: Field) => this.#claims.get(hash) ?? 0;
    const hashes = [...this.missing].toSorted((a, b) => claimed(a) - claimed(b)).slice(0, MAX_TX_REQUEST_HASHES);
    for (const hash of hashes) this.#claims.set(hash, claimed(hash) + 1);
    return hashes;
  }

  release(hashes: readonly Field[]): void {
    for (const hash of hashes) this.#claims.set(hash, (this.#claims.get(hash) ?? 1) - 1);
  }

  /** False if another peer was faster. */
  take(tx: Tx): boolean {
    if (!this.missing.delete(tx.hash)) return false;
    this.found.set(tx.hash, tx);
    if (this.missing.size === 0) this.#done.abort();
    return true;
  }
}

function ignoreAbort(error: unknown): void {
  if (!isAbortError(error)) throw error;
}

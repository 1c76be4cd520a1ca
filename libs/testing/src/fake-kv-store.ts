import { CodedError, fromHex, toHex } from "@sprtn/primitives";
import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";

type Entry = readonly [key: Uint8Array, value: Uint8Array];

/**
 * An ordered store in memory whose writes can be made to fail. What was written survives a user that dies without
 * closing it: hand it to another.
 */
export class FakeKvStore implements KvStore {
  /** Batches given to {@link write} since the start. */
  writes = 0;
  /** Decides the fate of each batch: "lost" throws with nothing written, "unsure" writes and throws all the same. */
  onWrite: (write: number) => "done" | "lost" | "unsure" = () => "done";
  /** By key as hex, which sorts as the bytes do. */
  readonly #values = new Map<string, Uint8Array>();
  #closed = false;

  get(key: Uint8Array): Uint8Array | undefined {
    this.#requireOpen();
    return this.#values.get(toHex(key))?.slice();
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    this.#requireOpen();
    return keys.map(key => this.get(key));
  }

  async write(operations: readonly KvOperation[]): Promise<void> {
    this.#requireOpen();
    const fate = this.onWrite(++this.writes);
    if (fate !== "lost") {
      for (const operation of operations) {
        if (operation.type === "put") this.#values.set(toHex(operation.key), operation.value.slice());
        else this.#values.delete(toHex(operation.key));
      }
    }
    if (fate !== "done") throw new CodedError("FAKE_KV_FAILED", `write ${this.writes} failed`);
  }

  entries({ gte, lt, reverse, limit }: KvRange = {}): AsyncIterable<Entry> {
    this.#requireOpen();
    const [from, to] = [gte && toHex(gte), lt && toHex(lt)];
    const ascending = [...this.#values]
      .filter(([name]) => (from === undefined || name >= from) && (to === undefined || name < to))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    return iterate(
      (reverse ? ascending.toReversed() : ascending)
        .slice(0, limit)
        .map(([name, value]): Entry => [fromHex(name), value.slice()]),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #requireOpen(): void {
    if (this.#closed) throw new CodedError("FAKE_KV_CLOSED", "the store is closed");
  }
}

async function* iterate(entries: readonly Entry[]): AsyncIterable<Entry> {
  yield* entries;
}

import { CodedError } from "@sprtn/primitives";
import type { KvOperation, KvRange, KvStore } from "@sprtn/ports";

/** The `at`-th call of a kind, from 1, throws. A write is "lost", or "unsure": on disk, and reported as failed. */
export type KvFault =
  | { readonly call: "write"; readonly at: number; readonly fate: "lost" | "unsure" }
  | { readonly call: "get" | "entries"; readonly at: number };

/** Every kind of call that may fail. */
export type KvCall = KvFault["call"];

/** Another store, of which one call fails, once. What was written survives a user that dies without closing it. */
export class FailingKvStore implements KvStore {
  /** Calls so far, by kind; a getMany counts once. */
  readonly calls: Record<KvCall, number> = { write: 0, get: 0, entries: 0 };
  /** Whether the fault has happened. */
  failed = false;
  #fault: KvFault | undefined;

  constructor(
    private readonly inner: KvStore,
    fault?: KvFault,
  ) {
    this.#fault = fault;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#count("get");
    return this.inner.get(key);
  }

  getMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    this.#count("get");
    return this.inner.getMany(keys);
  }

  async write(operations: readonly KvOperation[], options?: { readonly sync?: boolean }): Promise<void> {
    const unsure = this.#fault?.call === "write" && this.#fault.fate === "unsure";
    if (unsure && this.#fault?.at === this.calls.write + 1) await this.inner.write(operations, options);
    this.#count("write");
    await this.inner.write(operations, options);
  }

  entries(range?: KvRange): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]> {
    this.#count("entries");
    return this.inner.entries(range);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  #count(call: KvCall): void {
    const number = ++this.calls[call];
    if (this.#fault?.call !== call || this.#fault.at !== number) return;
    this.#fault = undefined;
    this.failed = true;
    throw new CodedError("FAKE_KV_FAILED", `${call} ${number} failed`);
  }
}

import { toHex } from "@sprtn/primitives";
import type { KvOperation, KvStore } from "@sprtn/ports";
import type { BeforeImage } from "./l1-block-record.js";

interface Write {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Writes that wait to become one batch, over what is stored; remembers what they replace. */
export class Overlay {
  readonly #writes = new Map<string, Write>();
  #replaced = new Map<string, BeforeImage>();

  constructor(private readonly store: Pick<KvStore, "get">) {}

  get(key: Uint8Array): Uint8Array | undefined {
    const write = this.#writes.get(toHex(key));
    return write ? write.value : this.store.get(key);
  }

  /** `undefined` removes the key. */
  set(key: Uint8Array, value: Uint8Array | undefined): void {
    const name = toHex(key);
    if (!this.#replaced.has(name)) this.#replaced.set(name, { key, value: this.get(key) });
    this.#writes.set(name, { key, value });
  }

  /** What the writes since the last call replaced: writing it back takes them back. */
  takeReplaced(): BeforeImage[] {
    const images = [...this.#replaced.values()];
    this.#replaced = new Map();
    return images;
  }

  /** As {@link set}, for writes that are never reverted. */
  setForGood(key: Uint8Array, value: Uint8Array | undefined): void {
    this.#writes.set(toHex(key), { key, value });
  }

  *keys(): Iterable<Uint8Array> {
    for (const { key } of this.#writes.values()) yield key;
  }

  operations(): KvOperation[] {
    return [...this.#writes.values()].map(({ key, value }): KvOperation =>
      value === undefined ? { type: "del", key } : { type: "put", key, value },
    );
  }
}

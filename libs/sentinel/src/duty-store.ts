import { bytesToUint, concatBytes, Epoch, type EthAddress, Slot, uintToBytes } from "@sprtn/primitives";
import type { KvOperation, KvStore, SlotDuties } from "@sprtn/ports";
import { decodeCommittee, decodeDuties, encodeCommittee, encodeDuties } from "./duty-record.js";

/** First byte of a key after the store's prefix. */
const [SLOT, COMMITTEE] = [1, 2];
/** Slots and epochs are below 2^32. */
const NUMBER_BYTES = 4;

/** Duties by slot, and the committees that they name, for some epochs (DUTY-5). */
export class DutyStore {
  readonly #dependencies: { readonly store: KvStore };

  constructor(
    dependencies: { readonly store: KvStore },
    private readonly settings: { readonly prefix: Uint8Array; readonly epochDuration: number },
  ) {
    this.#dependencies = dependencies;
  }

  /** Writes a slot's duties, in place of what was written of it before. */
  async put(duties: SlotDuties): Promise<void> {
    const epoch = this.#epochOf(duties.slot);
    const committee = duties.attestations.map(({ validator }) => validator);
    const operations: KvOperation[] = [
      { type: "put", key: this.#key(SLOT, duties.slot), value: encodeDuties(duties) },
      { type: "put", key: this.#key(COMMITTEE, epoch), value: encodeCommittee(committee) },
    ];
    await this.#dependencies.store.write(operations);
  }

  /** @throws SentinelError BAD_RECORD */
  get(slot: Slot): SlotDuties | undefined {
    const bytes = this.#dependencies.store.get(this.#key(SLOT, slot));
    return bytes === undefined ? undefined : decodeDuties(slot, bytes, this.#committee(this.#epochOf(slot)));
  }

  /** Those that there are from `from` up to and without `to`, ascending. @throws SentinelError BAD_RECORD */
  async *range(from: Slot, to: Slot): AsyncIterable<SlotDuties> {
    const range = { gte: this.#key(SLOT, from), lt: this.#key(SLOT, to) };
    let known: { readonly epoch: Epoch; readonly committee: readonly EthAddress[] } | undefined;
    for await (const [key, value] of this.#dependencies.store.entries(range)) {
      const slot = Slot(Number(bytesToUint(key.subarray(-NUMBER_BYTES))));
      const epoch = this.#epochOf(slot);
      if (known?.epoch !== epoch) known = { epoch, committee: this.#committee(epoch) };
      yield decodeDuties(slot, value, known.committee);
    }
  }

  /** Forgets all before `epoch`. */
  async forgetBefore(epoch: Epoch): Promise<void> {
    const { store } = this.#dependencies;
    for (const [kind, end] of [
      [SLOT, epoch * this.settings.epochDuration],
      [COMMITTEE, epoch],
    ] as const) {
      const range = { gte: this.#key(kind, 0), lt: this.#key(kind, end) };
      const operations: KvOperation[] = [];
      for await (const [key] of store.entries(range)) operations.push({ type: "del", key });
      if (operations.length > 0) await store.write(operations);
    }
  }

  #committee(epoch: Epoch): readonly EthAddress[] {
    const bytes = this.#dependencies.store.get(this.#key(COMMITTEE, epoch));
    return bytes === undefined ? [] : decodeCommittee(bytes);
  }

  #epochOf(slot: Slot): Epoch {
    return Epoch(Math.floor(slot / this.settings.epochDuration));
  }

  #key(kind: number, number: number): Uint8Array {
    return concatBytes(this.settings.prefix, Uint8Array.of(kind), uintToBytes(number, NUMBER_BYTES));
  }
}

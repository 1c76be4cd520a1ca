import {
  type Bytes32,
  bytesToUint,
  concatBytes,
  EthAddress,
  fromHex,
  Slot,
  toHex,
  uintToBytes,
} from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import type { PayloadType } from "@sprtn/protocol";
import { SerialQueue } from "@sprtn/runtime";
import { ValidatorError, ValidatorErrorCode } from "./validator-error.js";

/** One signature that was given: which digest, for which slot. */
export interface SignedRecord {
  readonly slot: Slot;
  readonly digest: Bytes32;
}

/** All that a key has signed of one kind, by slot, and the slot up to which it must not sign. */
export interface SignedHistory {
  readonly watermark: Slot | undefined;
  readonly records: readonly SignedRecord[];
}

/** Where the record lies: on disk, for a validator that may be slashed. */
export interface SlashingProtectionDependencies {
  readonly store: KvStore;
}

/** In front of every key in the store. */
export interface SlashingProtectionSettings {
  readonly prefix: Uint8Array;
}

const KINDS: Readonly<Record<PayloadType, number>> = { Proposal: 0, Attestation: 1 };

/**
 * SIGN-1: what each key has signed, written to disk before a signature leaves. A slot at or below the lowest allowed
 * one is refused, so that records may be forgotten and an imported history holds.
 */
export class SlashingProtection {
  /** Looking up and recording are one step: two calls at once must not both find nothing. */
  readonly #queue = new SerialQueue({ name: "slashing protection", maxWaiting: 256 });

  readonly #dependencies: SlashingProtectionDependencies;

  constructor(
    dependencies: SlashingProtectionDependencies,
    private readonly settings: SlashingProtectionSettings,
  ) {
    this.#dependencies = dependencies;
  }

  /** Records a signature about to be given; the same one again is allowed. @throws ValidatorError WOULD_EQUIVOCATE */
  record(key: EthAddress, type: PayloadType, record: SignedRecord): Promise<void> {
    return this.#queue.run(() => this.#record(key, type, record));
  }

  async #record(key: EthAddress, type: PayloadType, { slot, digest }: SignedRecord): Promise<void> {
    const { store } = this.#dependencies;
    const at = this.#key(key, type, slot);
    const known = store.get(at);
    if (known !== undefined) {
      if (toHex(known) === digest) return;
      throw new ValidatorError(
        ValidatorErrorCode.WOULD_EQUIVOCATE,
        `${key} has already signed a different ${type.toLowerCase()} for slot ${slot}: it will not sign a second one`,
        { key, type, slot },
      );
    }
    const watermark = this.#watermark(key, type);
    if (watermark !== undefined && slot <= watermark) {
      throw new ValidatorError(
        ValidatorErrorCode.WOULD_EQUIVOCATE,
        `${key} may already have signed for slot ${slot} (its record begins after slot ${watermark}): it will not sign`,
        { key, type, slot, watermark },
      );
    }
    await store.write([{ type: "put", key: at, value: fromHex(digest) }], { sync: true });
  }

  /** Whether exactly this was signed here, or elsewhere before its record was imported. */
  hasSigned(key: EthAddress, type: PayloadType, { slot, digest }: SignedRecord): boolean {
    const known = this.#dependencies.store.get(this.#key(key, type, slot));
    return known !== undefined && toHex(known) === digest;
  }

  /** Whether nothing was ever recorded, of any key. */
  async isEmpty(): Promise<boolean> {
    const { prefix } = this.settings;
    const range = { gte: prefix, lt: concatBytes(prefix, new Uint8Array(64).fill(255)), limit: 1 };
    const found: Uint8Array[] = [];
    for await (const [key] of this.#dependencies.store.entries(range)) found.push(key);
    return found.length === 0;
  }

  /** Every key of which there is a record, ascending. */
  async keys(): Promise<readonly EthAddress[]> {
    const { prefix } = this.settings;
    const keys = new Set<EthAddress>();
    const end = concatBytes(prefix, new Uint8Array(64).fill(255));
    for await (const [key] of this.#dependencies.store.entries({ gte: prefix, lt: end })) {
      keys.add(EthAddress(toHex(key.subarray(prefix.length, prefix.length + 20))));
    }
    return [...keys];
  }

  async export(key: EthAddress, type: PayloadType): Promise<SignedHistory> {
    const prefix = this.#prefix(key, type);
    const records: SignedRecord[] = [];
    for await (const [entry, value] of this.#dependencies.store.entries({
      gte: concatBytes(prefix, Uint8Array.of(1)),
      lt: concatBytes(prefix, Uint8Array.of(2)),
    })) {
      records.push({
        slot: Slot(Number(bytesToUint(entry.subarray(prefix.length + 1)))),
        digest: toHex(value) as Bytes32,
      });
    }
    return { watermark: this.#watermark(key, type), records };
  }

  /** Takes over another node's history: a slot signed there is never signed again here, whatever is known here. */
  import(key: EthAddress, type: PayloadType, history: SignedHistory): Promise<void> {
    return this.#queue.run(() => this.#import(key, type, history));
  }

  async #import(key: EthAddress, type: PayloadType, history: SignedHistory): Promise<void> {
    const watermarks = [history.watermark, this.#watermark(key, type)].filter(slot => slot !== undefined);
    const slots = [...watermarks, ...history.records.map(({ slot }) => slot)];
    if (slots.length === 0) return;
    const watermark = slots.reduce((highest, slot) => (slot > highest ? slot : highest));
    const puts = history.records
      .filter(({ slot }) => this.#dependencies.store.get(this.#key(key, type, slot)) === undefined)
      .map(({ slot, digest }) => ({ type: "put" as const, key: this.#key(key, type, slot), value: fromHex(digest) }));
    await this.#dependencies.store.write(
      [
        ...puts,
        { type: "put", key: concatBytes(this.#prefix(key, type), Uint8Array.of(0)), value: uintToBytes(watermark, 4) },
      ],
      { sync: true },
    );
  }

  #watermark(key: EthAddress, type: PayloadType): Slot | undefined {
    const value = this.#dependencies.store.get(concatBytes(this.#prefix(key, type), Uint8Array.of(0)));
    if (value === undefined) return undefined;
    if (value.length !== 4)
      throw new ValidatorError(
        ValidatorErrorCode.PROTECTION_CORRUPT,
        "the slashing protection record is damaged: import an export of it before this key signs again",
        { key, type },
      );
    return Slot(Number(bytesToUint(value)));
  }

  #prefix(key: EthAddress, type: PayloadType): Uint8Array {
    return concatBytes(this.settings.prefix, fromHex(key), Uint8Array.of(KINDS[type]));
  }

  #key(key: EthAddress, type: PayloadType, slot: Slot): Uint8Array {
    return concatBytes(this.#prefix(key, type), Uint8Array.of(1), uintToBytes(slot, 4));
  }
}

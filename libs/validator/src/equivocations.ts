import type { Bytes32, EthAddress, Field, Slot } from "@sprtn/primitives";
import type { Logger, Meter } from "@sprtn/ports";
import type { BlockAttestation, BlockHeader, PayloadType } from "@sprtn/protocol";
import { equivocationsSeen } from "./validator-metrics.js";

/**
 * SIGN-2: messages of one kind by one signer for one slot that a node takes. The second is the evidence; more prove
 * nothing new.
 */
export const MAX_SIGNED_IN_SLOT = 2;

/** A proposal as far as its signature covers it: enough to check it, without the list of transactions. */
export interface SignedProposal {
  readonly header: BlockHeader;
  readonly archive: Field;
  readonly txsHash: Bytes32;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

interface SignedTwice<Type extends PayloadType, Signed> {
  readonly type: Type;
  readonly slot: Slot;
  readonly signer: EthAddress;
  /** Two different payloads, both rightly signed. */
  readonly signed: readonly [Signed, Signed];
}

/** What proves that `signer` broke SIGN-1. */
export type Equivocation = SignedTwice<"Proposal", SignedProposal> | SignedTwice<"Attestation", BlockAttestation>;

/** Where evidence is reported: to the operator, by log and metric. */
export interface EquivocationsDependencies {
  readonly logger: Logger;
  readonly meter: Meter;
}

/**
 * LIMIT-14: evidence against validators that signed twice, for slashing: one piece a kind, signer and slot, of the last
 * `slots`
 * slots that have any. Only a member's own two signatures make an entry, so only the guilty can fill it.
 */
export class Equivocations {
  readonly #slots = new Map<Slot, Map<string, Equivocation>>();
  readonly #counted;

  readonly #dependencies: EquivocationsDependencies;

  constructor(
    dependencies: EquivocationsDependencies,
    private readonly settings: { readonly slots: number },
  ) {
    this.#dependencies = dependencies;
    this.#counted = equivocationsSeen(dependencies.meter);
  }

  record(equivocation: Equivocation): void {
    const { type, slot, signer } = equivocation;
    const ofSlot = this.#slots.get(slot) ?? new Map<string, Equivocation>();
    const key = `${type}/${signer}`;
    if (ofSlot.has(key)) return;
    this.#slots.set(slot, ofSlot.set(key, equivocation));
    for (const old of [...this.#slots.keys()].toSorted((a, b) => a - b)) {
      if (this.#slots.size <= this.settings.slots) break;
      this.#slots.delete(old);
    }
    this.#counted.add(1, { type });
    this.#dependencies.logger.verbose("a validator has signed twice for one slot", { type, slot, signer });
  }

  /** By slot, oldest first. */
  all(): readonly Equivocation[] {
    return [...this.#slots].toSorted(([a], [b]) => a - b).flatMap(([, ofSlot]) => [...ofSlot.values()]);
  }
}

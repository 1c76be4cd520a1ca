import { type Bytes32, type EthAddress, type Field, messageOf, type Slot } from "@sprtn/primitives";
import { type EpochCommittees, quorum, slotAt, type TimeParameters } from "@sprtn/consensus";
import type {
  ActivityJournal,
  AttestationSource,
  Clock,
  Logger,
  SignatureRecovery,
  ValidationResult,
} from "@sprtn/ports";
import { type BlockAttestation, type BlockPayload, decodeAttestation, payloadDigest } from "@sprtn/protocol";
import { unixSeconds } from "@sprtn/runtime";
import { type Equivocations, MAX_SIGNED_IN_SLOT } from "./equivocations.js";
import type { OwnKeyWatch } from "./own-key-watch.js";
import { AttestationFault } from "./validator-error.js";

/** The committee, how a signature is checked, and where double signing is reported. */
export interface AttestationPoolDependencies {
  readonly committees: EpochCommittees;
  readonly recovery: SignatureRecovery;
  readonly equivocations: Equivocations;
  /** Absent on a node that signs nothing. */
  readonly ownKey?: OwnKeyWatch;
  readonly journal: ActivityJournal;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The deployment's clock and domain, and how late an attestation may be. */
export interface AttestationPoolSettings {
  readonly time: TimeParameters;
  /** EIP-712 domain separator. */
  readonly domain: Bytes32;
  /** Slots before the current one that are still taken. */
  readonly lateSlots: number;
}

interface SlotVotes {
  /** Header hash ‖ archive → votes. */
  readonly byPayload: Map<string, Map<EthAddress, Uint8Array>>;
  /** At most {@link MAX_SIGNED_IN_SLOT} each, of different payloads. */
  readonly bySigner: Map<EthAddress, readonly BlockAttestation[]>;
  readonly committeeSize: number;
}

const keyOf = (payload: BlockPayload) => `${payload.headerHash}/${payload.archive}`;

/**
 * SIGN-2, LIMIT-11: attestations of recent slots, each signed with its slot by a member of that slot's committee.
 * Bounded by two a
 * member and slot: what others send cannot displace a member's vote, since nothing counts that its signature does not
 * cover.
 */
export class AttestationPool implements AttestationSource {
  readonly #slots = new Map<Slot, SlotVotes>();

  readonly #dependencies: AttestationPoolDependencies;

  constructor(
    dependencies: AttestationPoolDependencies,
    private readonly settings: AttestationPoolSettings,
  ) {
    this.#dependencies = dependencies;
  }

  /** Judges a gossiped attestation. */
  async receive(data: Uint8Array): Promise<ValidationResult> {
    let attestation: BlockAttestation;
    try {
      attestation = decodeAttestation(data);
    } catch (error) {
      this.#dependencies.logger.debug("malformed attestation", { reason: messageOf(error) });
      return { result: "reject", code: AttestationFault.MALFORMED };
    }
    return this.add(attestation);
  }

  async add(attestation: BlockAttestation): Promise<ValidationResult> {
    const { slot } = attestation;
    const current = slotAt(this.settings.time, unixSeconds(this.#dependencies.clock));
    // One slot ahead for clocks that differ.
    if (slot > current + 1 || slot < current - this.settings.lateSlots)
      return { result: "ignore", code: AttestationFault.STALE_SLOT };
    const committee = await this.#dependencies.committees.committeeOfSlot(slot);
    const digest = payloadDigest(this.settings.domain, "Attestation", attestation);
    const signer = this.#dependencies.recovery.recover(digest, attestation.signature);
    if (signer === undefined || !committee.includes(signer))
      return { result: "reject", code: AttestationFault.NOT_IN_COMMITTEE };
    const votes = this.#votes(slot, committee.length, current);
    const key = keyOf(attestation);
    const earlier = votes.bySigner.get(signer) ?? [];
    if (earlier.some(one => keyOf(one) === key)) return { result: "ignore", code: AttestationFault.DUPLICATE };
    if (earlier.length >= MAX_SIGNED_IN_SLOT) return { result: "ignore", code: AttestationFault.THIRD_IN_SLOT };
    votes.bySigner.set(signer, [...earlier, attestation]);
    const ofPayload = votes.byPayload.get(key) ?? new Map<EthAddress, Uint8Array>();
    votes.byPayload.set(key, ofPayload.set(signer, attestation.signature));
    this.#dependencies.journal.record({ type: "attestation", slot, signer });
    this.#dependencies.ownKey?.seen("Attestation", signer, { slot, digest });
    const [first] = earlier;
    if (first !== undefined)
      this.#dependencies.equivocations.record({ type: "Attestation", slot, signer, signed: [first, attestation] });
    return { result: "accept" };
  }

  attestationsOf(slot: Slot, payload: BlockPayload): ReadonlyMap<EthAddress, Uint8Array> {
    return this.#slots.get(slot)?.byPayload.get(keyOf(payload)) ?? new Map();
  }

  attestedHeader(slot: Slot): Field | undefined {
    const votes = this.#slots.get(slot);
    if (votes === undefined) return undefined;
    for (const [key, signers] of votes.byPayload)
      if (signers.size >= quorum(votes.committeeSize)) return BigInt(key.slice(0, key.indexOf("/"))) as Field;
    return undefined;
  }

  #votes(slot: Slot, committeeSize: number, current: Slot): SlotVotes {
    for (const old of this.#slots.keys()) if (old < current - this.settings.lateSlots) this.#slots.delete(old);
    const votes = this.#slots.get(slot) ?? { byPayload: new Map(), bySigner: new Map(), committeeSize };
    this.#slots.set(slot, votes);
    return votes;
  }
}

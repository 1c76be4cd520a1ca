import type { Bytes32, EthAddress, Slot } from "@sprtn/primitives";
import type { BlockSigner, Gossip, Signer } from "@sprtn/ports";
import {
  type BlockAttestation,
  type BlockPayload,
  encodeAttestation,
  payloadDigest,
  type ProposalPayload,
} from "@sprtn/protocol";
import type { AttestationPool } from "./attestation-pool.js";
import type { SlashingProtection } from "./slashing-protection.js";

/** The key, the record of what it signed, and where its signatures go. */
export interface ProtectedSignerDependencies {
  readonly signer: Signer;
  readonly protection: SlashingProtection;
  readonly pool: AttestationPool;
  readonly gossip: Gossip;
}

/** A validator's key behind its slashing protection (SIGN-1). */
export class ProtectedSigner implements BlockSigner {
  readonly #dependencies: ProtectedSignerDependencies;

  constructor(
    dependencies: ProtectedSignerDependencies,
    private readonly settings: { readonly domain: Bytes32; readonly withholdAttestations: boolean },
  ) {
    this.#dependencies = dependencies;
  }

  get address(): EthAddress {
    return this.#dependencies.signer.address;
  }

  async signProposal(slot: Slot, payload: ProposalPayload): Promise<Uint8Array> {
    const digest = payloadDigest(this.settings.domain, "Proposal", payload);
    await this.#dependencies.protection.record(this.address, "Proposal", { slot, digest });
    return this.#dependencies.signer.sign(digest);
  }

  async attest(slot: Slot, payload: BlockPayload): Promise<BlockAttestation> {
    const digest = payloadDigest(this.settings.domain, "Attestation", { ...payload, slot });
    await this.#dependencies.protection.record(this.address, "Attestation", { slot, digest });
    const attestation: BlockAttestation = {
      slot,
      headerHash: payload.headerHash,
      archive: payload.archive,
      signature: this.#dependencies.signer.sign(digest),
    };
    if (this.settings.withholdAttestations) return attestation;
    await this.#dependencies.pool.add(attestation);
    await this.#dependencies.gossip.publish("block_attestation", encodeAttestation(attestation));
    return attestation;
  }
}

import { PrometheusMeter } from "@sprtn/observability";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { P2pNode } from "@sprtn/p2p";
import { Secp256k1Recovery } from "@sprtn/l1-client";
import type { Bytes32, Slot } from "@sprtn/primitives";
import {
  decodeAttestation,
  decodeProposal,
  domainSeparator,
  type PayloadType,
  payloadDigest,
  proposalPayloadOf,
} from "@sprtn/protocol";
import type { E2eError } from "../e2e-error.js";
import type { TestNetwork } from "../network/test-network.js";
import { type SeenSignature, SignatureLog } from "./signature-log.js";

/** A peer that listens to all proposals and attestations and passes none on: INV-6 from outside. */
export class GossipObserver {
  readonly #node: P2pNode;
  readonly #recovery = new Secp256k1Recovery();
  readonly #domain: Bytes32;
  readonly #log = new SignatureLog();
  #broken: E2eError | undefined;

  constructor(network: TestNetwork, bootstrapNodes: readonly string[]) {
    const { chainId, rollupVersion, contracts } = network.deployment;
    this.#domain = domainSeparator({ chainId, rollup: contracts.rollup });
    this.#node = new P2pNode(
      { clock: systemClock, random: systemRandom, logger: network.logger, meter: new PrometheusMeter() },
      {
        network: { chainId, rollupVersion },
        role: "node",
        tcpListen: { host: "127.0.0.1", port: 0 },
        udpListen: { host: "127.0.0.1", port: 0 },
        queryForIp: false,
        discovery: true,
        minPeers: 5,
        maxPeers: 20,
        maxPeersPerAddress: 10,
        bootstrapNodes,
      },
    );
    this.#listen("block_proposal", "Proposal", data => {
      const proposal = decodeProposal(data);
      return {
        slot: proposal.header.slot,
        digest: payloadDigest(this.#domain, "Proposal", proposalPayloadOf(proposal)),
        signature: proposal.signature,
      };
    });
    this.#listen("block_attestation", "Attestation", data => {
      const attestation = decodeAttestation(data);
      return {
        slot: attestation.slot,
        digest: payloadDigest(this.#domain, "Attestation", attestation),
        signature: attestation.signature,
      };
    });
  }

  start(): Promise<void> {
    return this.#node.start(new AbortController().signal);
  }

  stop(): Promise<void> {
    return this.#node.stop();
  }

  /** Every signature heard. @throws INVARIANT if somebody signed two of a kind for one slot */
  check(): readonly SeenSignature[] {
    if (this.#broken !== undefined) throw this.#broken;
    return this.#log.all();
  }

  #listen(
    topic: "block_proposal" | "block_attestation",
    type: PayloadType,
    decode: (data: Uint8Array) => { slot: Slot; digest: Bytes32; signature: Uint8Array },
  ): void {
    this.#node.subscribe(topic, ({ data }) => {
      try {
        const { slot, digest, signature } = decode(data);
        const signer = this.#recovery.recover(digest, signature);
        if (signer !== undefined) this.#log.note({ signer, type, slot, digest });
      } catch (error) {
        this.#broken ??= error as E2eError;
      }
      return { result: "ignore", code: "OBSERVER" };
    });
  }
}

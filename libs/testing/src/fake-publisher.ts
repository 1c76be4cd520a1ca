import { CodedError, type Epoch, type EthAddress, toHex, uintToBytes, Wei } from "@sprtn/primitives";
import type { BlockSubmission, L1Publisher, L1Receipt, ProofSubmission } from "@sprtn/ports";
import { onAbort } from "@sprtn/runtime";

/** What was sent to L1, in order. */
export type Sent =
  | { readonly method: "propose"; readonly blocks: readonly BlockSubmission[] }
  | { readonly method: "submitProof"; readonly submission: ProofSubmission }
  | { readonly method: "prune" | "checkpointRandao" }
  | { readonly method: "setupEpoch"; readonly epoch: Epoch };

/** Takes what is sent and lets a script decide what L1 does with it. */
export class FakePublisher implements L1Publisher {
  readonly sent: Sent[] = [];
  /** Runs for each transaction, before it counts as mined; a throw is a revert. */
  onSend: (sent: Sent) => Promise<void> | void = () => {};
  /** While set, nothing is mined: only `signal` ends a call, with FAKE_L1_ABORTED. */
  stuck = false;

  constructor(readonly address: EthAddress) {}

  methods(): string[] {
    return this.sent.map(({ method }) => method);
  }

  /** The blocks of each propose. */
  proposals(): (readonly BlockSubmission[])[] {
    return this.sent.flatMap(each => (each.method === "propose" ? [each.blocks] : []));
  }

  proofs(): ProofSubmission[] {
    return this.sent.flatMap(each => (each.method === "submitProof" ? [each.submission] : []));
  }

  propose(blocks: readonly BlockSubmission[], signal?: AbortSignal): Promise<L1Receipt> {
    return this.#send({ method: "propose", blocks }, signal);
  }

  submitProof(submission: ProofSubmission, signal?: AbortSignal): Promise<L1Receipt> {
    return this.#send({ method: "submitProof", submission }, signal);
  }

  prune(signal?: AbortSignal): Promise<L1Receipt> {
    return this.#send({ method: "prune" }, signal);
  }

  checkpointRandao(signal?: AbortSignal): Promise<L1Receipt> {
    return this.#send({ method: "checkpointRandao" }, signal);
  }

  setupEpoch(epoch: Epoch, signal?: AbortSignal): Promise<L1Receipt> {
    return this.#send({ method: "setupEpoch", epoch }, signal);
  }

  async balance(): Promise<Wei> {
    return Wei(10n ** 18n);
  }

  async #send(sent: Sent, signal?: AbortSignal): Promise<L1Receipt> {
    this.sent.push(sent);
    if (this.stuck || signal?.aborted) {
      await new Promise<never>((_, reject) =>
        onAbort(signal, () =>
          reject(new CodedError("FAKE_L1_ABORTED", `${sent.method} was given up before it was mined`)),
        ),
      );
    }
    await this.onSend(sent);
    return {
      transactionHash: toHex(uintToBytes(this.sent.length, 32)),
      blockNumber: this.sent.length,
      gasUsed: 21_000n,
    };
  }
}

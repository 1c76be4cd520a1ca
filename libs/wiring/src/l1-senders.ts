import {
  TransactionSender,
  type TransactionSenderDependencies,
  type TransactionSenderSettings,
} from "@sprtn/l1-client";
import type { Signer } from "@sprtn/ports";
import type { EthAddress } from "@sprtn/primitives";

/**
 * One sender for each L1 key of a node. Whatever its roles send with one key goes through one queue: two senders of a
 * key would take each other's nonces, as two processes do.
 */
export class L1Senders {
  readonly #byAddress = new Map<EthAddress, TransactionSender>();

  readonly #dependencies: Omit<TransactionSenderDependencies, "signer">;

  constructor(
    dependencies: Omit<TransactionSenderDependencies, "signer">,
    private readonly settings: TransactionSenderSettings,
  ) {
    this.#dependencies = dependencies;
  }

  /** The sender of the signer's key. */
  of(signer: Signer): TransactionSender {
    const known = this.#byAddress.get(signer.address);
    if (known !== undefined) return known;
    const sender = new TransactionSender({ ...this.#dependencies, signer }, this.settings);
    this.#byAddress.set(signer.address, sender);
    return sender;
  }
}

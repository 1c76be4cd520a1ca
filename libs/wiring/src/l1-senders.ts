import {
  PrivateKeySigner,
  TransactionSender,
  type TransactionSenderDependencies,
  type TransactionSenderSettings,
} from "@sprtn/l1-client";
import type { Bytes32 } from "@sprtn/primitives";

/**
 * One sender for each L1 key of a node. Whatever its roles send with one key goes through one queue: two senders of a
 * key would take each other's nonces, as two processes do.
 */
export class L1Senders {
  readonly #byKey = new Map<Bytes32, TransactionSender>();

  constructor(
    private readonly dependencies: Omit<TransactionSenderDependencies, "signer">,
    private readonly settings: TransactionSenderSettings,
  ) {}

  of(privateKey: Bytes32): TransactionSender {
    const known = this.#byKey.get(privateKey);
    if (known !== undefined) return known;
    const signer = new PrivateKeySigner({}, { privateKey });
    const sender = new TransactionSender({ ...this.dependencies, signer }, this.settings);
    this.#byKey.set(privateKey, sender);
    return sender;
  }
}

import type { Clock, Logger } from "@sprtn/ports";
import { EthAddress } from "@sprtn/primitives";

/** A call to be sent as a transaction. */
export interface L1Call {
  readonly to: string;
  /** 0x-prefixed. */
  readonly data: string;
  /** Wei; 0 unless told. */
  readonly value?: bigint | undefined;
}

/** An account that sends transactions to L1, and waits until they are mined. */
export interface L1Account {
  /** 0x and 40 digits, lower case. */
  readonly address: string;
  /** The transaction's hash. @throws L1Error REVERTED, INSUFFICIENT_BALANCE, REJECTED, NONCE_CONTENTION, ABORTED */
  send(call: L1Call, signal: AbortSignal): Promise<string>;
}

/** Of which L1, and with which key. */
export interface L1AccountOptions {
  readonly urls: readonly string[];
  readonly chainId: bigint;
  /** 0x and 64 digits. */
  readonly privateKey: `0x${string}`;
}

const REQUEST_MS = 15_000;

/** An account of this machine. @throws L1Error BAD_KEY, BAD_SETTING */
export async function openL1Account(
  dependencies: { readonly clock: Clock; readonly logger: Logger },
  { urls, chainId, privateKey }: L1AccountOptions,
): Promise<L1Account> {
  const [{ L1Endpoints, PrivateKeySigner, TransactionSender }, { l1PublisherSettings: defaults }] = await Promise.all([
    import("@sprtn/l1-client"),
    import("@sprtn/l1-client/settings"),
  ]);
  const { Bytes32 } = await import("@sprtn/primitives");
  const endpoints = new L1Endpoints(dependencies, { urls, chainId, requestTimeoutMs: REQUEST_MS });
  const signer = new PrivateKeySigner({}, { privateKey: Bytes32(privateKey) });
  const sender = new TransactionSender(
    { ...dependencies, endpoints, signer },
    {
      pollingIntervalMs: 1_000,
      confirmations: defaults.confirmations.default,
      bumpAfterBlocks: defaults.bumpAfterBlocks.default,
      bumpPercent: defaults.bumpPercent.default,
      maxFeePerGas: defaults.maxFeePerGas.default,
      maxPriorityFeePerGas: defaults.maxPriorityFeePerGas.default,
      gasMarginPercent: defaults.gasMarginPercent.default,
      lowBalance: defaults.lowBalance.default,
    },
  );
  return {
    address: signer.address.toLowerCase(),
    send: async ({ to, data, value = 0n }, signal) => {
      const [receipt] = await sender.send([{ to: EthAddress(to), data, value }], signal);
      return receipt?.transactionHash ?? "";
    },
  };
}

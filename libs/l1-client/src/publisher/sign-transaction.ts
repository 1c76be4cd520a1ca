import type { Signer } from "@sprtn/ports";
import { Bytes32, toHex } from "@sprtn/primitives";
import { Signature, Transaction } from "ethers";
import type { TransactionFees } from "./fees.js";
import type { TransactionRequest } from "./transaction-request.js";

export interface SignedTransaction {
  readonly hash: string;
  readonly raw: string;
  readonly fees: TransactionFees;
}

/** An EIP-1559 transaction, signed through the port: the key stays where it is. */
export function signTransaction(
  signer: Signer,
  request: TransactionRequest & { readonly gasLimit: bigint },
  options: { readonly chainId: bigint; readonly nonce: number; readonly fees: TransactionFees },
): SignedTransaction {
  const { to, data, value = 0n, gasLimit } = request;
  const { chainId, nonce, fees } = options;
  const transaction = Transaction.from({ type: 2, chainId, nonce, to, data, value, gasLimit, ...fees });
  transaction.signature = Signature.from(toHex(signer.sign(Bytes32(transaction.unsignedHash))));
  return { hash: transaction.hash as string, raw: transaction.serialized, fees };
}

import type { JsonRpcProvider } from "ethers";

/** What is read of a transaction's receipt, without ethers' parsing of it. */
export interface RawReceipt {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
  readonly succeeded: boolean;
  readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
}

/** `undefined` while the transaction is in no block of the chain. */
export async function rawReceipt(provider: JsonRpcProvider, hash: string): Promise<RawReceipt | undefined> {
  const receipt = (await provider.send("eth_getTransactionReceipt", [hash])) as {
    blockNumber: string;
    gasUsed: string;
    status: string;
    logs: RawReceipt["logs"];
  } | null;
  if (receipt === null) return undefined;
  return {
    transactionHash: hash,
    blockNumber: Number(receipt.blockNumber),
    gasUsed: BigInt(receipt.gasUsed),
    succeeded: BigInt(receipt.status) === 1n,
    logs: receipt.logs,
  };
}

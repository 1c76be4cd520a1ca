import type { ContractReader } from "@sprtn/deployment";

/** Reads the latest state of contracts over whatever sends a request to L1. */
export function contractReader(
  chainId: bigint,
  request: (method: string, params: readonly unknown[]) => Promise<unknown>,
): ContractReader {
  return {
    chainId,
    send: (method, ...params) => request(method, params),
    read: async ({ contract, address }, name, args = []) => {
      const call = { to: address, data: contract.encodeFunctionData(name, args) };
      return contract.decodeFunctionResult(name, (await request("eth_call", [call, "latest"])) as string);
    },
  };
}

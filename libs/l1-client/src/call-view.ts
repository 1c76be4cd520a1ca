import type { EthAddress } from "@sprtn/primitives";
import type { Interface, JsonRpcProvider, Result } from "ethers";

/** Calls a view function at the latest block. */
export async function callView(
  provider: JsonRpcProvider,
  target: { readonly address: EthAddress; readonly contract: Interface },
  name: string,
  args: readonly unknown[] = [],
): Promise<Result> {
  const data = target.contract.encodeFunctionData(name, args);
  return target.contract.decodeFunctionResult(name, await provider.call({ to: target.address, data }));
}

import type { EthAddress } from "@sprtn/primitives";
import { type Interface, type JsonRpcProvider, type Result, toQuantity } from "ethers";

/** A contract, and how it is spoken to. */
export interface CallTarget {
  readonly address: EthAddress;
  readonly contract: Interface;
}

/** Calls a view function at L1 block `at`, the latest one unless told. */
export async function callView(
  provider: JsonRpcProvider,
  target: CallTarget,
  name: string,
  args: readonly unknown[] = [],
  at?: number,
): Promise<Result> {
  const data = target.contract.encodeFunctionData(name, args);
  const blockTag = at === undefined ? "latest" : toQuantity(at);
  return target.contract.decodeFunctionResult(name, await provider.call({ to: target.address, data, blockTag }));
}

import type { EthAddress } from "@sprtn/primitives";
import { type Interface, type JsonRpcProvider, type Result, toQuantity } from "ethers";

/** A view function's name and arguments, and the L1 block whose state it is asked of; the latest one unless told. */
export interface ViewCall {
  readonly name: string;
  readonly args?: readonly unknown[];
  readonly at?: number | undefined;
}

/** A contract, and how it is spoken to. */
export interface CallTarget {
  readonly address: EthAddress;
  readonly contract: Interface;
}

/** What a view function returns. */
export async function callView(
  provider: JsonRpcProvider,
  target: CallTarget,
  { name, args = [], at }: ViewCall,
): Promise<Result> {
  const data = target.contract.encodeFunctionData(name, args);
  const blockTag = at === undefined ? "latest" : toQuantity(at);
  return target.contract.decodeFunctionResult(name, await provider.call({ to: target.address, data, blockTag }));
}

import type { EthAddress } from "@sprtn/primitives";
import { type Interface, type JsonRpcProvider, type Result, toQuantity } from "ethers";
import { fromAnswer } from "./endpoints/from-answer.js";
import { L1Error, L1ErrorCode } from "./l1-error.js";

/** What a call to an address without code returns. */
export const NO_CONTRACT = "0x";

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

/** What a view function returns. @throws L1Error BAD_ANSWER for what it cannot return */
export async function callView(
  provider: JsonRpcProvider,
  target: CallTarget,
  { name, args = [], at }: ViewCall,
): Promise<Result> {
  const data = target.contract.encodeFunctionData(name, args);
  const blockTag = at === undefined ? "latest" : toQuantity(at);
  const answer = await provider.call({ to: target.address, data, blockTag });
  if (answer === NO_CONTRACT)
    throw new L1Error(
      L1ErrorCode.BAD_ANSWER,
      `an L1 endpoint has no contract at ${target.address}: wait until it is in sync, or check the deployment file`,
    );
  return fromAnswer(name, () => target.contract.decodeFunctionResult(name, answer));
}

import { messageOf } from "@sprtn/primitives";
import type { InterfaceAbi, Result } from "ethers";
import type { OperatorHost } from "../host/operator-host.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

const ASK_MS = 5_000;

/** A view function of a contract. */
export interface ContractRead {
  readonly abi: InterfaceAbi;
  readonly address: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What a view function returns at the latest block. @throws OperatorError UNREACHABLE, REFUSED, BAD_ANSWER */
export async function readContract(
  host: Pick<OperatorHost, "call">,
  url: string,
  { abi, address, name, args }: ContractRead,
): Promise<Result> {
  const { Interface } = await import("ethers");
  const contract = new Interface(abi);
  const data = contract.encodeFunctionData(name, args);
  const [answer] = await host.call(url, [{ method: "eth_call", params: [{ to: address, data }, "latest"] }], ASK_MS);
  try {
    return contract.decodeFunctionResult(name, answer as string);
  } catch (cause) {
    throw new OperatorError(
      OperatorErrorCode.BAD_ANSWER,
      `${new URL(url).host} answers ${name} of ${address} with what it cannot return ` +
        `(${messageOf(cause).slice(0, 100)}): see that this endpoint is on the network's chain, and in sync`,
      { url },
      { cause },
    );
  }
}

import type { L1BlockRef, L1ChainState } from "@sprtn/ports";
import { BlockNumber, type EthAddress, Field } from "@sprtn/primitives";
import type { Interface, JsonRpcProvider, Result } from "ethers";
import { NO_CONTRACT } from "../call-view.js";
import { inboxInterface, rollupInterface } from "../contracts/interfaces.js";
import { isEndpointFailure } from "../endpoints/endpoint-provider.js";
import { fromAnswer } from "../endpoints/from-answer.js";
import { L1Error, L1ErrorCode } from "../l1-error.js";
import type { RollupContracts } from "../rollup-contracts.js";

/** Subtrees asked for at a time. */
const PARALLEL = 8;
/**
 * Of those above the tip, only the next ones: many deposits, or a deep prune, would otherwise make each look at L1 a
 * thousand calls. The others are asked for in their turn, before a block consumes them.
 */
const MAX_SUBTREES = 16;

/**
 * The contracts' state after an L1 block (EIP-1898); `undefined` when the endpoint does not have it: full nodes keep
 * the last 128 blocks' state, and before the deployment there is none.
 */
export async function chainStateAt(
  provider: JsonRpcProvider,
  contracts: RollupContracts,
  { hash }: Pick<L1BlockRef, "hash">,
): Promise<L1ChainState | undefined> {
  const call = async (
    { address, contract }: { readonly address: EthAddress; readonly contract: Interface },
    name: string,
    ...args: readonly unknown[]
  ): Promise<Result> => {
    const request = { to: address, data: contract.encodeFunctionData(name, args) };
    const answer = await provider.send("eth_call", [request, { blockHash: hash }]);
    if (answer === NO_CONTRACT)
      throw new L1Error(
        L1ErrorCode.REQUEST_FAILED,
        `L1 has no contract at ${address} in block ${hash}: read a block after the deployment`,
      );
    return fromAnswer(name, () => contract.decodeFunctionResult(name, answer as string));
  };
  const rollup = { address: contracts.rollup, contract: rollupInterface };
  const inbox = { address: contracts.inbox, contract: inboxInterface };
  try {
    const [[tips], [open]] = await Promise.all([call(rollup, "getTips"), call(inbox, "openSubtree")]);
    const { pending, proven } = tips as { readonly pending: bigint; readonly proven: bigint };
    const length = Math.min(Number((open as bigint) - pending), MAX_SUBTREES);
    const subtrees = Array.from({ length }, (_, i) => pending + 1n + BigInt(i));
    const recording = call(rollup, "getRecord", pending);
    const inHashes: Field[] = [];
    for (let at = 0; at < subtrees.length; at += PARALLEL) {
      const asked = subtrees.slice(at, at + PARALLEL).map(block => call(inbox, "inHash", block));
      const [some] = await Promise.all([Promise.all(asked), recording]);
      inHashes.push(...fromAnswer("inHash", () => some.map(([inHash]) => Field(BigInt(inHash as string)))));
    }
    const [record] = await recording;
    return fromAnswer("getTips", () => ({
      pending: BlockNumber(Number(pending)),
      proven: BlockNumber(Number(proven)),
      archive: Field(BigInt((record as { readonly archive: string }).archive)),
      inHashes,
    }));
  } catch (error) {
    if (isEndpointFailure(error)) throw error;
    return undefined;
  }
}

import { Bytes32, EthAddress } from "@sprtn/primitives";
import { expect } from "chai";
import { type JsonRpcProvider, toBeHex } from "ethers";
import { inboxInterface, rollupInterface } from "../contracts/interfaces.js";
import { chainStateAt } from "./chain-state.js";

const address = EthAddress(`0x${"11".repeat(20)}`);
const hash = Bytes32(`0x${"22".repeat(32)}`);

describe("the contracts' state after an L1 block", () => {
  it("LIMIT-27: costs no more calls the more messages wait", async () => {
    let calls = 0;
    const answers = (data: string): string => {
      calls++;
      const inbox = inboxInterface.parseTransaction({ data });
      if (inbox?.name === "openSubtree") return inboxInterface.encodeFunctionResult("openSubtree", [1_007n]);
      if (inbox?.name === "inHash")
        return inboxInterface.encodeFunctionResult("inHash", [toBeHex(inbox.args[0] as bigint, 32)]);
      const { name } = rollupInterface.parseTransaction({ data })!;
      const { outputs } = rollupInterface.getFunction(name)!;
      const zeros = outputs[0]!.components!.map(({ name: field }) => (field === "pending" ? 7n : 0n));
      const words = zeros.map(value => value.toString(16).padStart(64, "0"));
      return `0x${words.join("")}`;
    };
    const provider = { send: async (_: string, [{ data }]: [{ data: string }]) => answers(data) };
    const contracts = { rollup: address, inbox: address } as never;
    const state = await chainStateAt(provider as unknown as JsonRpcProvider, contracts, { hash });
    expect(state?.pending).to.equal(7);
    expect(state?.inHashes).to.deep.equal(Array.from({ length: 16 }, (_, i) => BigInt(8 + i)));
    expect(calls).to.equal(3 + 16);
  });
});

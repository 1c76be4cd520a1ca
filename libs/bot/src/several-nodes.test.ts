import { CodedError, Field } from "@sprtn/primitives";
import type { Tx } from "@sprtn/protocol";
import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { type BotNode, SeveralNodes } from "./several-nodes.js";

const tx = (hash: number) => ({ hash: Field(hash) }) as Tx;

/** Three nodes that write down what they are asked; each may be given a fault. */
function setUp() {
  const asked: string[] = [];
  const faults = new Map<string, string>();
  const nodes = ["a", "b", "c"].map(url => {
    const answer =
      <T>(name: string, result: T) =>
      async (): Promise<T> => {
        asked.push(`${url}.${name}`);
        const fault = faults.get(url);
        if (fault !== undefined)
          throw new CodedError(fault, "no", fault === "RPC_NO_ANSWER" ? { mayHaveRun: true } : {});
        return result;
      };
    const node = {
      getBaseFees: answer("fees", { perL2Gas: 1n, perDaGas: 1n }),
      sendTx: answer("send", Field(1)),
      getTxReceipt: answer("receipt", { txHash: Field(1), stage: "submitted" as const }),
    };
    return { url, node: node as unknown as BotNode };
  });
  const logger = new MemoryLogger();
  return { asked, faults, logger, several: new SeveralNodes({ nodes, logger }) };
}

describe("several nodes as one", () => {
  it("transactions go to one after the other, receipts are asked of who took them, the rest of one node", async () => {
    const { asked, several } = setUp();
    for (const hash of [1, 2, 3, 4]) await several.sendTx(tx(hash));
    for (const hash of [2, 3, 9]) await several.getTxReceipt(Field(hash));
    await several.getBaseFees();
    expect(asked.slice(0, 4)).to.deep.equal(["a.send", "b.send", "c.send", "a.send"]);
    expect(asked.slice(4)).to.deep.equal(["b.receipt", "c.receipt", "a.receipt", "a.fees"]);
  });

  it("one that does not answer is passed over, with one warning for it; reads stay where they work", async () => {
    const { asked, faults, several, logger } = setUp();
    faults.set("a", "RPC_TIMEOUT");
    await several.getBaseFees();
    await several.getBaseFees();
    await several.sendTx(tx(1));
    await several.getTxReceipt(Field(1));
    expect(asked).to.deep.equal(["a.fees", "b.fees", "b.fees", "a.send", "b.send", "b.receipt"]);
    expect(logger.lines("warn").map(line => line.fields["url"])).to.deep.equal(["a"]);
  });

  it("one that is no node, or in another role, is passed over as well", async () => {
    const { asked, faults, several } = setUp();
    faults.set("a", "RPC_UNKNOWN_METHOD");
    await several.getBaseFees();
    expect(asked).to.deep.equal(["a.fees", "b.fees"]);
  });

  it("a refusal is a refusal, and is not asked of the next; all away is the last one's failure", async () => {
    const { asked, faults, several } = setUp();
    const code = (work: Promise<unknown>) =>
      work.then(
        () => "none",
        (error: { code?: string }) => error.code,
      );
    faults.set("a", "TX_POOL_FULL");
    expect(await code(several.sendTx(tx(1)))).to.equal("TX_POOL_FULL");
    expect(asked).to.deep.equal(["a.send"]);
    for (const url of ["a", "b", "c"]) faults.set(url, "RPC_UNREACHABLE");
    expect(await code(several.sendTx(tx(2)))).to.equal("RPC_UNREACHABLE");
    expect(asked.length).to.equal(4);
    faults.set("c", "RPC_NO_ANSWER").set("b", "TX_POOL_FULL");
    // The next in turn is c: it may have taken what the others then refuse.
    expect(await code(several.sendTx(tx(3)))).to.equal("RPC_NO_ANSWER");
  });
});

import { Field } from "@sprtn/primitives";
import { CallKind } from "@sprtn/protocol";
import { expect } from "chai";
import { messageIndices } from "./index.js";
import { ChainFixture } from "./test/chain-fixture.js";

const alice = Field(101);

describe("message indices", () => {
  const fixture = new ChainFixture();
  const deposits = Array.from({ length: 300 }, () =>
    fixture.deposit(fixture.message(alice, 5n), { recipient: alice, amount: 5n }),
  );

  it("are those of deposits, without the messages that are not there", async () => {
    const [known, unknown] = deposits as [(typeof deposits)[0], (typeof deposits)[0]];
    const transfer = fixture.tx({ kind: CallKind.TRANSFER, target: alice, amount: 1n }, { payer: alice });
    const messageIndex = async (message: Field) => (message === known.inputs.call.message ? 7n : undefined);
    const found = await messageIndices({ messageIndex }, [transfer, known, unknown]);
    expect([...found]).to.deep.equal([[known.inputs.call.message, 7n]]);
  });

  it("are looked up until the time for it is over: the rest of a block does not wait for them", async () => {
    let lookedUp = 0;
    const messageIndex = async () => BigInt(lookedUp++);
    expect((await messageIndices({ messageIndex, stop: () => lookedUp > 1_000 }, deposits)).size).to.equal(300);
    lookedUp = 0;
    expect((await messageIndices({ messageIndex, stop: () => lookedUp > 100 }, deposits)).size).to.equal(256);
  });
});

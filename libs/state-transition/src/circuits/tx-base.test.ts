import { Field, jsFieldHasher } from "@sprtn/primitives";
import { expect } from "chai";
import { chain, ChainFixture } from "../test/chain-fixture.js";
import { witnessBlock } from "../witness/block-witness.js";
import { CircuitError } from "./circuit-error.js";
import { KeyTree } from "./key-tree.js";
import { runCircuit } from "./run-circuit.js";

describe("tx base's twin", () => {
  it("each write needs its witness, the last one too", () => {
    const fixture = new ChainFixture();
    const message = fixture.message(Field(101), 10n ** 12n);
    fixture.mine([fixture.deposit(message, { recipient: Field(101), amount: 10n ** 12n })]);
    const keys = KeyTree.simulated(jsFieldHasher);
    const replay = new ChainFixture();
    const genesis = replay.state.reference();
    const { bases } = witnessBlock(replay.state, {
      chain,
      keyTreeRoot: keys.root(),
      transferKey: keys.witness("transfer"),
      block: fixture.tip,
      txs: fixture.txsOf(fixture.tip),
      messages: fixture.messages.get(1) ?? [],
      opening: number => {
        const { headerHash, header } = fixture.blocks[number]!;
        return { headerHash, state: genesis, number, slot: header.slot };
      },
      anchorBlock: root => fixture.noteRoots.get(root)!,
      messageIndex: hash => fixture.messageIndices.get(hash)!,
    });
    const [base] = bases;
    if (base === undefined) return expect.fail("no transaction");
    const run = (writeSteps: (typeof base)["writeSteps"]) => () =>
      runCircuit({ hasher: jsFieldHasher, verifyChild: () => true }, "tx-base", { ...base, writeSteps });
    expect(base.writeSteps).to.have.length.above(0);
    run(base.writeSteps)();
    expect(run(base.writeSteps.slice(0, -1))).to.throw(CircuitError, "a public data write has no witness");
  });
});

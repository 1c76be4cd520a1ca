import { EthAddress, jsFieldHasher } from "@sprtn/primitives";
import { expect } from "chai";
import { CircuitError } from "./circuit-error.js";
import type { SingleBlock } from "./circuit-inputs.js";
import { KeyTree } from "./key-tree.js";
import { RANGE_FIELDS } from "./public-inputs.js";
import { runCircuit } from "./run-circuit.js";

const dependencies = { hasher: jsFieldHasher, verifyChild: () => true };

describe("running a circuit's twin", () => {
  it("a block root of single blocks has as many of them as its name says", () => {
    // They are counted before anything is read of them.
    const block = {} as SingleBlock;
    for (const [name, count] of [
      ["block-root-single", 0],
      ["block-root-single", 2],
      ["block-root-pair", 1],
      ["block-root-pair", 3],
    ] as const) {
      expect(
        () => runCircuit(dependencies, name, { blocks: Array.from({ length: count }, () => block) }),
        `${name}, ${count}`,
      ).to.throw(CircuitError, "wrong number of children");
    }
  });

  it("a child has as many public inputs as its circuit, no fewer and no more", () => {
    const keys = KeyTree.simulated(jsFieldHasher);
    const run = (fields: number) => () =>
      runCircuit(dependencies, "root-one", {
        children: [
          {
            key: keys.witness("block-merge"),
            publicInputs: Array.from({ length: fields }, () => keys.root()),
            proof: new Uint8Array(1),
          },
        ],
        prover: EthAddress(`0x${"01".repeat(20)}`),
      });
    expect(run(RANGE_FIELDS)()).to.have.length(RANGE_FIELDS + 1);
    for (const fields of [RANGE_FIELDS - 1, RANGE_FIELDS + 1])
      expect(run(fields), `${fields} fields`).to.throw(CircuitError, "another number of public inputs");
  });
});

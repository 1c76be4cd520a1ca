import { EthAddress, Field, jsFieldHasher } from "@sprtn/primitives";
import { expect } from "chai";
import { CircuitError } from "./circuit-error.js";
import { KeyTree } from "./key-tree.js";
import { type RangePublicInputs, rangeToFields } from "./public-inputs.js";
import { rootCircuit } from "./root.js";
import { runCircuit } from "./run-circuit.js";

const prover = EthAddress(`0x${"01".repeat(20)}`);
const keys = KeyTree.simulated(jsFieldHasher);
const range = (from: number): RangePublicInputs => ({
  keyTreeRoot: keys.root(),
  domain: Field(2),
  startArchive: Field(from),
  endArchive: Field(from + 1),
  startAccumulator: Field(100 + from),
  endAccumulator: Field(101 + from),
});
const child = (from: number) => ({
  key: keys.witness("block-merge"),
  publicInputs: rangeToFields(range(from)),
  proof: new Uint8Array(1),
});
const run = (name: "root-one" | "root-two", children: number) => () =>
  runCircuit({ hasher: jsFieldHasher, verifyChild: () => true }, name, {
    children: [child(10), child(11), child(12)].slice(0, children),
    prover,
  });

describe("root circuit", () => {
  it("binds what its children show to the prover", () => {
    expect(rootCircuit([range(10)], prover)).to.deep.equal({ ...range(10), prover });
    expect(() => rootCircuit([], prover)).to.throw(CircuitError, "a root has a child");
  });

  it("has as many children as its name says", () => {
    run("root-one", 1)();
    run("root-two", 2)();
    for (const attempt of [run("root-one", 0), run("root-one", 2), run("root-two", 1), run("root-two", 3)])
      expect(attempt).to.throw(CircuitError, "wrong number of children");
  });
});

import { codeOf, type Field, fieldToBytes } from "@sprtn/primitives";
import {
  type CircuitName,
  decodeTransferWitness,
  ProtocolErrorCode,
  publicInputsFromFields,
  TRANSFER_WITNESS_FIELDS,
} from "@sprtn/protocol";
import { decodeCircuitInputs, encodeCircuitInputs, runCircuit } from "@sprtn/state-transition/circuits";
import { expect } from "chai";
import { built } from "../test/breaks/block-roots.js";
import { bases, hasher, roots, satisfying, twin } from "../test/breaks/satisfying.js";
import { initialWitness, type Leaf, leavesOf, refusalOf, withValue } from "../test/initial-witness.js";

const beyond = ({ bits }: Leaf): bigint => 1n << BigInt(bits!);
/** What is compared with numbers that the compiler knows: it may leave the range out then. */
const pinned = [
  ["key.index", "key index is not allowed in this position"],
  ["header.tx_count", "txCount is not the number of transactions"],
  ["header.total_base_fees", "totalBaseFees is not the sum"],
  ["header.total_l2_gas", "total gas is not the sum"],
  ["header.total_da_gas", "total gas is not the sum"],
] as const;
const refused = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return codeOf(error);
  }
  return "not refused";
};

describe("ranges", () => {
  for (const [name, inputs] of Object.entries(satisfying)) {
    const circuit = name as CircuitName;
    it(`${circuit} refuses each integer beyond its type, whoever encoded it`, async () => {
      const compiled = await twin.circuit(circuit);
      const witness = initialWitness(compiled, twin.noirInputs(circuit, inputs));
      const leaves = leavesOf(compiled);
      expect(leaves.length).to.equal(witness.size);
      expect(await refusalOf(compiled, witness)).to.equal(undefined);
      for (const leaf of leaves.filter(({ bits }) => bits !== undefined)) {
        const refusal = await refusalOf(compiled, withValue(witness, leaf.index, beyond(leaf)));
        expect(
          [
            "Cannot satisfy constraint",
            ...pinned.filter(([end]) => leaf.name.endsWith(end)).map(([, constraint]) => constraint),
          ],
          leaf.name,
        ).to.include(refusal);
      }
    });
  }

  it("of a transfer's witness are those of its codec", async () => {
    const leaves = leavesOf(await twin.circuit("transfer"));
    expect(leaves.length).to.equal(TRANSFER_WITNESS_FIELDS);
    for (const leaf of leaves.filter(({ bits }) => bits !== undefined)) {
      const bytes = satisfying.transfer.slice();
      bytes.set(fieldToBytes(beyond(leaf) as Field), 32 * leaf.index);
      expect(
        refused(() => decodeTransferWitness(bytes)),
        leaf.name,
      ).to.equal(ProtocolErrorCode.BAD_WITNESS);
    }
  });

  it("of a transaction's public inputs are those of their codec", async () => {
    const leaves = leavesOf(await twin.circuit("tx-base")).filter(({ name }) => name.startsWith("inputs.tx."));
    const { publicInputs } = bases.transfer.transfer;
    expect(leaves.length).to.equal(publicInputs.length);
    for (const [index, leaf] of leaves.entries()) {
      if (leaf.bits !== undefined)
        expect(
          refused(() => publicInputsFromFields(publicInputs.with(index, beyond(leaf) as Field))),
          leaf.name,
        ).to.equal(ProtocolErrorCode.BAD_TX);
    }
  });

  const { transfer } = bases;
  const empty = roots["block-root-empty"];
  const last = built(() => ({ number: 2 ** 30 - 1 }))(empty);
  const archived = [
    [
      "tx-base",
      "an anchor",
      encodeCircuitInputs({ ...transfer, anchor: { ...transfer.anchor, number: transfer.anchor.number + 2 ** 30 } }),
    ],
    [
      "block-root-empty",
      "a previous block",
      encodeCircuitInputs({ ...empty, previous: { ...empty.previous, number: empty.previous.number + 2 ** 30 } }),
    ],
    [
      "block-root-empty",
      "a block",
      encodeCircuitInputs({ ...empty, ...last, header: { ...empty.header, ...last.header, number: 2 ** 30 } }),
    ],
  ] as const;
  for (const [circuit, what, inputs] of archived) {
    it(`${circuit} refuses ${what} of a number beyond the archive's leaves, and so does its twin`, async () => {
      const compiled = await twin.circuit(circuit);
      expect(await refusalOf(compiled, initialWitness(compiled, twin.noirInputs(circuit, inputs)))).to.be.a("string");
      expect(
        refused(() => runCircuit({ hasher, verifyChild: () => true }, circuit, decodeCircuitInputs(inputs))),
      ).to.equal("TREE_OUT_OF_RANGE");
    });
  }
});

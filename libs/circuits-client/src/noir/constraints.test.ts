import { readdir, readFile } from "node:fs/promises";
import { compiledCircuitUrl } from "@sprtn/circuits";
import { EthAddress, Field, UnixSeconds } from "@sprtn/primitives";
import { type CircuitName, encodeTransferWitness } from "@sprtn/protocol";
import { encodeCircuitInputs } from "@sprtn/state-transition/circuits";
import { witnesses } from "@sprtn/state-transition/transfer-fixture";
import { expect } from "chai";
import { blockRootBreaks } from "../test/breaks/block-roots.js";
import { lies } from "../test/breaks/hints.js";
import { keyBreaks } from "../test/breaks/keys.js";
import { noirBreaks } from "../test/breaks/noir-alone.js";
import { bases, roots, satisfying, twin } from "../test/breaks/satisfying.js";
import { rangeBreaks, spanBreaks } from "../test/breaks/spans-and-ranges.js";
import { transferBreaks } from "../test/breaks/transfer.js";
import { txBaseBreaks } from "../test/breaks/tx-base.js";
import { initialWitness, leavesOf, refusalOf, withValue } from "../test/initial-witness.js";

const breaks = [...transferBreaks, ...txBaseBreaks, ...spanBreaks, ...blockRootBreaks, ...rangeBreaks, ...keyBreaks];

/** The messages of all assertions in the Noir sources, test code aside. */
async function assertedMessages(): Promise<Set<string>> {
  const messages = new Set<string>();
  for (const folder of ["lib", "recursion", "bin"]) {
    const root = new URL(`../../${folder}/`, compiledCircuitUrl("any"));
    for (const file of (await readdir(root, { recursive: true })).filter(name => name.endsWith(".nr"))) {
      const source = (await readFile(new URL(file, root), "utf8")).replaceAll(/\/\/.*$/gm, "");
      for (const [, isAlways, condition] of source.matchAll(/\b(static_assert|assert_eq|assert)\(([^;]*)\);/g)) {
        const message = /"([^"]*)",?\s*$/.exec(condition!)?.[1];
        // The only comparison without a message is between numbers that the compiler knows.
        if (message === undefined)
          expect(`${isAlways}(${condition})`).to.equal("assert_eq(writer.at + 1, HEADER_WORDS)");
        else messages.add(message);
      }
    }
  }
  return messages;
}

describe("constraints", () => {
  for (const [kind, witness] of Object.entries(witnesses)) {
    it(`transfer of kind ${kind} holds as it is`, async () =>
      expect(await twin.run("transfer", encodeTransferWitness(witness))).to.be.an("array"));
  }
  for (const [name, base] of Object.entries(bases)) {
    it(`tx-base, ${name} holds as it is`, async () =>
      expect(await twin.run("tx-base", encodeCircuitInputs(base))).to.be.an("array"));
  }
  for (const [circuit, inputs] of Object.entries(satisfying)) {
    it(`${circuit} holds as it is`, async () =>
      expect(await twin.run(circuit as CircuitName, inputs)).to.be.an("array"));
  }

  for (const { circuit, what, constraint, inputs } of breaks) {
    it(`${circuit}, ${what}: ${constraint}`, async () => expect(await twin.run(circuit, inputs)).to.equal(constraint));
  }

  for (const { circuit, value, of, constraint } of noirBreaks) {
    it(`${circuit} in Noir alone, ${value}: ${constraint}`, async () => {
      const compiled = await twin.circuit(circuit);
      const leaf = leavesOf(compiled).find(({ name }) => name === value);
      const witness = initialWitness(compiled, twin.noirInputs(circuit, satisfying[circuit]));
      expect(await refusalOf(compiled, withValue(witness, leaf!.index, of))).to.equal(constraint);
    });
  }

  it("in the Noir sources are all among these, and no others are", async () => {
    const tested = [...breaks, ...noirBreaks, ...lies].map(({ constraint }) => constraint);
    expect([...new Set(tested)].sort()).to.deep.equal([...(await assertedMessages())].sort());
  });
});

describe("what no constraint forbids", () => {
  it("a revert shown for a call that debits nobody: it runs", async () => {
    for (const base of [bases.unshield, bases.none, bases.deposit]) {
      expect(await twin.run("tx-base", encodeCircuitInputs({ ...base, revert: bases.reverted.revert }))).to.deep.equal(
        await twin.run("tx-base", encodeCircuitInputs(base)),
      );
    }
  });

  it("the public inputs tell another coinbase, timestamp, or chain of a block without transactions", async () => {
    const empty = roots["block-root-empty"];
    const [range, coinbase, timestamp, chain] = await Promise.all(
      [
        empty,
        { ...empty, header: { ...empty.header, coinbase: EthAddress(`0x${"ab".repeat(20)}`) } },
        { ...empty, header: { ...empty.header, timestamp: UnixSeconds(empty.header.timestamp + 1) } },
        { ...empty, chainId: 1n },
      ].map(async inputs => (await twin.run("block-root-empty", encodeCircuitInputs(inputs))) as readonly Field[]),
    );
    const differing = (other: readonly Field[]) =>
      range!.map((field, i) => (field === other[i] ? undefined : i)).filter(i => i !== undefined);
    const [domain, endArchive, endAccumulator] = [1, 3, 5];
    expect(differing(coinbase!)).to.deep.equal([endArchive, endAccumulator]);
    expect(differing(timestamp!)).to.deep.equal([endArchive, endAccumulator]);
    expect(differing(chain!)).to.deep.equal([domain]);
  });
});

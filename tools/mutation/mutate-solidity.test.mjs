import { createRequire } from "node:module";
import { expect } from "chai";
import { isMutantSource, mutantsOf, mutated, withMutants } from "./mutate-solidity.mjs";

const solc = createRequire(new URL("../../contracts/package.json", import.meta.url))("solc");
const source = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.0;
contract C {
    uint256 public n;
    event Set(uint256 n);
    modifier small(uint256 a) {
        if (a > 9) revert();
        _;
    }
    function set(uint256 a) external small(a) {
        uint256 one = 1;
        if (a == 2 && n != 0) n = a + one;
        else emit Set(2 ** 128);
    }
}
`;

function compile(text, output) {
  const sources = { "C.sol": { content: text }, [isMutantSource.name]: { content: isMutantSource.content } };
  const settings = { outputSelection: output };
  const { errors = [], sources: trees } = JSON.parse(
    solc.compile(JSON.stringify({ language: "Solidity", sources, settings })),
  );
  expect(errors.filter(({ severity }) => severity === "error")).to.deep.equal([]);
  return trees;
}

describe("mutants of a contract", () => {
  const mutants = mutantsOf(source, compile(source, { "*": { "": ["ast"] } })["C.sol"].ast);
  const named = kind => mutants.filter(mutant => mutant.kind === kind);

  it("are one change each, and know where they stand", () => {
    const [mutant] = named("+ → -");
    expect(mutant).to.include({ contract: "C", function: "set", line: 12, original: "a + one" });
    expect(mutated(source, mutant)).to.equal(source.replace("a + one", "(a) - (one)"));
    expect(named("statement removed").map(({ original }) => original)).to.have.members([
      "revert()",
      "n = a + one",
      "emit Set(2 ** 128)",
    ]);
    expect(named("true").map(({ original }) => original)).to.deep.equal(["a > 9", "a == 2 && n != 0"]);
  });

  it("compile together, constants with the types that they had; what cannot be a choice stays alone", () => {
    expect(mutants.filter(({ anchor }) => anchor === undefined).map(({ kind }) => kind)).to.deep.equal([
      "modifier removed",
    ]);
    const together = mutants
      .filter(({ anchor }) => anchor !== undefined)
      .map((mutant, i) => ({ ...mutant, id: i + 1 }));
    const text = withMutants(source, together);
    compile(text, { "*": { C: ["evm.bytecode.object"] } });
    for (const { id } of together) expect(text).to.include(`IsMutant.at(${id})`);
    expect(text).to.include("? uint256(2) : uint256(1)");
  });
});

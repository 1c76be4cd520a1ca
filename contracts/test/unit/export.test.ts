import { readFileSync } from "node:fs";
import { expect } from "chai";
import { Interface } from "ethers";
import { artifacts } from "hardhat";

const dist = new URL("../../dist/", import.meta.url);
interface Manifest {
  steps: {
    id: string;
    kind: string;
    contract: string;
    target: string;
    function: string;
    args: { struct?: Record<string, unknown> }[];
    done?: { getter: string };
  }[];
}
const manifest: Manifest = JSON.parse(readFileSync(new URL("../../deployment-manifest.json", import.meta.url), "utf8"));

describe("what the package exports", () => {
  it("is what is compiled here", async () => {
    const { contractNames } = await import(new URL("index.js", dist).href);
    const { bytecode } = await import(new URL("bytecode.js", dist).href);
    expect(contractNames).to.have.lengthOf(14);
    for (const name of contractNames) {
      const compiled = await artifacts.readArtifact(name);
      expect(bytecode[name], name).to.equal(compiled.bytecode);
      const file = JSON.parse(readFileSync(new URL(`artifacts/${name}.json`, dist), "utf8"));
      expect([file.abi, file.bytecode]).to.deep.equal([compiled.abi, compiled.bytecode]);
    }
  });

  it("has a manifest whose arguments fit the ABIs, in order", async () => {
    const contractOf = new Map<string, Interface>();
    for (const step of manifest.steps) {
      const known =
        contractOf.get(step.target) ?? new Interface((await artifacts.readArtifact(step.contract)).abi as never);
      if (step.kind === "deploy") contractOf.set(step.id, known);
      const fragment = step.kind === "deploy" ? known.deploy : known.getFunction(step.function)!;
      expect(step.args, step.id).to.have.lengthOf(fragment.inputs.length);
      for (const [index, input] of fragment.inputs.entries()) {
        const fields = step.args[index]!.struct;
        if (input.components)
          expect(Object.keys(fields ?? {}), step.id).to.deep.equal(input.components.map(component => component.name));
      }
      if (step.done) expect(known.getFunction(step.done.getter), step.id).not.to.equal(null);
    }
  });
});

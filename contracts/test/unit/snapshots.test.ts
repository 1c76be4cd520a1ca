import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { Interface } from "ethers";
import { expectSnapshot } from "../support/snapshot.ts";

const artifacts = new URL("../../artifacts/", import.meta.url);

interface Artifact {
  contractName: string;
  inputSourceName: string;
  buildInfoId: string;
  abi: ConstructorParameters<typeof Interface>[0];
  deployedBytecode: string;
}
interface Layout {
  storage: { label: string; slot: string; offset: number; type: string }[];
  types: Record<string, { label: string; members?: Layout["storage"] }>;
}

const deployable = readdirSync(new URL("src/", artifacts), { recursive: true, encoding: "utf8" })
  .filter(path => /\.sol\/\w+\.json$/.test(path))
  .map(path => JSON.parse(readFileSync(new URL(`src/${path}`, artifacts), "utf8")) as Artifact)
  .filter(artifact => artifact.deployedBytecode !== "0x" && !/Lib$|^Constants$/.test(artifact.contractName))
  .sort((left, right) => left.contractName.localeCompare(right.contractName));

/** What may not change unseen: a client's view of the contracts, and what lies in which slot. */
describe("snapshots", () => {
  it("ABI", () => {
    expectSnapshot(
      "abi",
      Object.fromEntries(
        deployable.map(({ contractName, abi }) => [contractName, [...new Interface(abi).format(false)].sort()]),
      ),
    );
  });

  it("storage layout", () => {
    expectSnapshot(
      "storage-layout",
      Object.fromEntries(deployable.map(artifact => [artifact.contractName, layoutOf(artifact)])),
    );
  });

  it("sizes: every contract fits into 24,576 bytes, those that may still grow into 22,500", () => {
    const sizes = Object.fromEntries(
      deployable.map(({ contractName, deployedBytecode }) => [contractName, (deployedBytecode.length - 2) / 2]),
    );
    for (const [name, size] of Object.entries(sizes))
      expect(size, name).to.be.at.most(name.endsWith("Verifier") ? 24_576 : 22_500);
    expectSnapshot("size", sizes);
  });
});

function layoutOf({ buildInfoId, inputSourceName, contractName }: Artifact): string[] {
  const { output } = JSON.parse(readFileSync(new URL(`build-info/${buildInfoId}.output.json`, artifacts), "utf8"));
  const layout: Layout = output.contracts[inputSourceName][contractName].storageLayout;
  // Type identifiers hold AST numbers, which differ from one compilation to the next; labels do not.
  const line = (entry: Layout["storage"][number]): string[] => {
    const type = layout.types[entry.type]!;
    return [`${entry.slot}.${entry.offset} ${entry.label}: ${type.label}`];
  };
  const structs = Object.values(layout.types ?? {})
    .filter(type => type.members)
    .flatMap(type => type.members!.map(member => `${type.label} ${line(member)[0]}`))
    .sort();
  return [...layout.storage.flatMap(line), ...structs];
}

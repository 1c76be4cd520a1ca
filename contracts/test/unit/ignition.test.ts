import { fileURLToPath } from "node:url";
import { expect } from "chai";
import Sprtn from "../../ignition/modules/Sprtn.ts";
import { connection, ethers } from "../support/network.ts";

describe("Ignition", () => {
  it("deploys the manifest with the parameters of the example", async () => {
    const parameters = fileURLToPath(new URL("../../ignition/parameters.local.json", import.meta.url));
    const deployed = await connection.ignition.deploy(Sprtn, { parameters });
    const at = (name: string) => deployed[name]!.getAddress();
    const rollup = await ethers.getContractAt("Rollup", await at("Rollup"));
    expect(await rollup.openBootstrap()).to.equal(true);
    expect(await rollup.owner()).to.equal(await at("Teocalli"));
    const oracle = await ethers.getContractAt("AvailabilityOracle", await at("AvailabilityOracle"));
    expect(await oracle.rollup()).to.equal(await at("Rollup"));
    const registry = await ethers.getContractAt("Registry", await at("Registry"));
    expect((await registry.canonical()).rollup).to.equal(await at("Rollup"));
  });
});

import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import { defaultParameters, deploy } from "../support/deploy.ts";
import { ethers } from "../support/network.ts";

describe("a rollup's settings", () => {
  it("are what it was deployed with", async () => {
    const { rollup, parameters, addresses } = await deploy(
      await defaultParameters({ provenReward: 101n, proverShareBps: 3_333 }),
    );
    const read = async (name: string): Promise<unknown> => rollup.getFunction(name)();
    for (const name of [
      "genesisTime",
      "slotDuration",
      "epochDuration",
      "committeeSize",
      "proposalLateness",
      "proofWindow",
      "challengeWindow",
      "capacity",
      "l2GasTarget",
      "daGasTarget",
      "pendingReward",
      "provenReward",
      "provingRight",
      "rollupVersion",
    ] as const)
      expect(await read(name), name).to.equal(BigInt(parameters[name] as bigint | number));
    expect(await read("openBootstrap")).to.equal(parameters.openBootstrap);
    // 101 · 3,333 / 10,000, rounded down; the coinbase has the rest.
    expect([await read("proverShare"), await read("coinbaseShare")]).to.deep.equal([33n, 68n]);

    const { chainId } = await ethers.provider.getNetwork();
    const harness = await ethers.deployContract("VectorHarness");
    const domain = await harness.getFunction("domain")(chainId, parameters.rollupVersion, addresses.FeePortal);
    expect(await read("domain")).to.equal(domain);
    const eip712 = { name: "SPRTN", version: "1", chainId, verifyingContract: await rollup.getAddress() };
    expect(await read("DOMAIN_SEPARATOR")).to.equal(TypedDataEncoder.hashDomain(eip712));

    for (const [name, contract] of [
      ["validatorRegistry", "ValidatorRegistry"],
      ["availabilityOracle", "AvailabilityOracle"],
      ["inbox", "Inbox"],
      ["outbox", "Outbox"],
      ["feePortal", "FeePortal"],
      ["rewards", "Rewards"],
      ["token", "L2AZT"],
    ] as const)
      expect(await read(name), name).to.equal(addresses[contract]);
  });
});

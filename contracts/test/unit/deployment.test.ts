import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type Result, toBeHex } from "ethers";
import { solidityConstants, constantsPath } from "../../../tools/codegen/solidity-constants.mjs";
import { pubkeyOf } from "../support/attest.ts";
import { defaultParameters, deploy, type DeploymentParameters } from "../support/deploy.ts";
import { network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

describe("deployment", () => {
  const valid = () => defaultParameters();

  for (const [name, change] of [
    ["slotDuration", { slotDuration: 0 }],
    ["epochDuration", { epochDuration: 0 }],
    ["committeeSize", { committeeSize: 0 }],
    ["committeeSize", { committeeSize: 1025 }],
    ["gasTarget", { l2GasTarget: 0n }],
    ["gasTarget", { daGasTarget: 0n }],
    ["initialBaseFee", { initialBaseFeeL2: 0n }],
    ["proverShareBps", { proverShareBps: 10_001 }],
    ["provingRight", { provingRight: 1 }],
    ["proofWindow", { proposalLateness: 5 }],
    ["capacity", { capacity: 13 }],
    ["exitGraceEpochs", { exitGraceEpochs: 4 }],
    ["genesisArchive", { genesisArchive: `0x${"ff".repeat(32)}` }],
    ["keyTreeRoot", { keyTreeRoot: `0x${"ff".repeat(32)}` }],
    ["genesisHeader", { genesisHeader: "0x" }],
    ["genesisHeader", { genesisHeader: `0x${"00".repeat(284)}` }],
    ["genesisHeader", { genesisTime: 1, genesisHeader: `0x${"00".repeat(285)}` }],
  ] as [string, Partial<DeploymentParameters>][]) {
    it(`refuses a wrong ${name}: ${JSON.stringify(Object.keys(change))}`, async () => {
      const rollup = await ethers.getContractFactory("Rollup");
      await expect(deploy(await defaultParameters(change)))
        .to.be.revertedWithCustomError(rollup, "Init_InvalidParameter")
        .withArgs(name);
    });
  }
  it("refuses initial validators that are invalid or repeated", async () => {
    const registry = await ethers.getContractFactory("ValidatorRegistry");
    const key = pubkeyOf(`0x${"01".repeat(20)}`);
    await expect(deploy(await defaultParameters({ initialValidators: [key, key] }))).to.be.revertedWithCustomError(
      registry,
      "Set2_WrongStatus",
    );
    await expect(
      deploy(await defaultParameters({ initialValidators: [toBeHex(1n << 160n, 32)] })),
    ).to.be.revertedWithCustomError(registry, "Set1_InvalidPubkey");
  });

  it("is initialized once, by the deployer, with real addresses", async () => {
    const net = await networkHelpers.loadFixture(oneValidator);
    for (const contract of [net.oracle, net.validatorRegistry, net.portal]) {
      expect(await contract.rollup()).to.equal(net.addresses.Rollup);
      await expect(contract.initialize(net.bob.address)).to.be.revertedWithCustomError(
        contract,
        "Init_AlreadyInitialized",
      );
      await expect(contract.connect(net.bob).initialize(net.bob.address)).to.be.revertedWithCustomError(
        contract,
        "Init_NotDeployer",
      );
    }
    for (const contract of [net.inbox, net.outbox]) {
      expect([await contract.rollup(), await contract.portal()]).to.deep.equal([
        net.addresses.Rollup,
        net.addresses.FeePortal,
      ]);
      await expect(contract.initialize(net.bob.address, net.bob.address)).to.be.revertedWithCustomError(
        contract,
        "Init_AlreadyInitialized",
      );
      await expect(
        contract.connect(net.bob).initialize(net.bob.address, net.bob.address),
      ).to.be.revertedWithCustomError(contract, "Init_NotDeployer");
    }
    const fresh = await ethers.deployContract("AvailabilityOracle");
    await expect(fresh.initialize(ethers.ZeroAddress)).to.be.revertedWithCustomError(fresh, "Init_ZeroAddress");
    for (const contract of [await ethers.deployContract("Outbox"), await ethers.deployContract("Inbox", [7])]) {
      await expect(contract.initialize(net.bob.address, ethers.ZeroAddress)).to.be.revertedWithCustomError(
        contract,
        "Init_ZeroAddress",
      );
    }
  });

  it("the registry tells the contracts of each version, the newest being canonical", async () => {
    const net = await networkHelpers.loadFixture(oneValidator);
    const first = await net.registry.canonical();
    expect(first.rollup).to.equal(net.addresses.Rollup);
    expect((await net.registry.byVersion(7)).feePortal).to.equal(net.addresses.FeePortal);
    const next = { ...((first as unknown as Result).toObject() as typeof first), rollupVersion: 8n };
    await expect(net.registry.addDeployment(next)).to.be.revertedWithCustomError(
      net.registry,
      "OwnableUnauthorizedAccount",
    );
    await expect(net.govern(net.registry, "addDeployment", next))
      .to.emit(net.registry, "DeploymentAdded")
      .withArgs(8n, net.addresses.Rollup);
    await expect(net.govern(net.registry, "addDeployment", next)).to.be.revertedWithCustomError(
      net.registry,
      "Registry_VersionTaken",
    );
    const unknown = { ...next, rollupVersion: 9n, rollup: ethers.ZeroAddress };
    await expect(net.govern(net.registry, "addDeployment", unknown)).to.be.revertedWithCustomError(
      net.registry,
      "Registry_ZeroAddress",
    );
    await expect(net.registry.byVersion(9)).to.be.revertedWithCustomError(net.registry, "Registry_Unknown");
    expect([(await net.registry.canonical()).rollupVersion, await net.registry.count()]).to.deep.equal([8n, 2n]);
  });

  it("without the faucet only the owner mints", async () => {
    const net = await network(1, { faucet: false });
    await expect(net.token.mint(net.bob.address, 1n)).to.be.revertedWithCustomError(net.token, "Token_NoFaucet");
    await net.govern(net.token, "mint", net.bob.address, 3n);
    expect(await net.token.balanceOf(net.bob.address)).to.equal(3n);
  });

  it("tells its parameters", async () => {
    const parameters = await valid();
    const { rollup } = await deploy(parameters);
    for (const name of [
      "genesisTime",
      "slotDuration",
      "epochDuration",
      "committeeSize",
      "proposalLateness",
      "proofWindow",
      "challengeWindow",
      "capacity",
    ] as const) {
      expect(await rollup[name]()).to.equal(BigInt(parameters[name]));
    }
  });

  it("has Solidity constants that match libs/protocol/constants.json", () => {
    expect(readFileSync(constantsPath, "utf8")).to.equal(solidityConstants());
  });

  function oneValidator() {
    return network(1);
  }
});

import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type Result, toBeHex } from "ethers";
import { solidityConstants, constantsPath } from "../../../tools/codegen/solidity-constants.mjs";
import { pubkeyOf } from "../support/attest.ts";
import { defaultParameters, deploy, type DeploymentParameters } from "../support/deploy.ts";
import { network, owner } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

interface Bounds {
  base: Record<string, string>;
  refused: { name: string; change: Record<string, string>; contract?: string }[];
  taken: Record<string, string>[];
}
/** The same cases are libs/deployment's. */
const bounds: Bounds = JSON.parse(readFileSync(new URL("../fixtures/parameter-bounds.json", import.meta.url), "utf8"));

describe("deployment", () => {
  const told = (change: object) =>
    Object.entries(change)
      .map(entry => entry.join(" "))
      .join(", ")
      .slice(0, 80);

  for (const { name, change, contract = "Rollup" } of bounds.refused) {
    it(`refuses a wrong ${name}: ${told(change)}`, async () => {
      await expect(deploy(await defaultParameters(change as never)))
        .to.be.revertedWithCustomError(await ethers.getContractFactory(contract), "Init_InvalidParameter")
        .withArgs(name);
    });
  }
  for (const change of bounds.taken) {
    it(`takes what stands at a bound: ${told(change)}`, async () => {
      await deploy(await defaultParameters({ ...bounds.base, ...change } as never));
    });
  }
  for (const [name, change] of [
    ["genesisTime", { genesisTime: 0 }],
    ["provingRight", { provingRight: 1 }],
    ["genesisArchive", { genesisArchive: `0x${"ff".repeat(32)}` }],
    ["keyTreeRoot", { keyTreeRoot: `0x${"ff".repeat(32)}` }],
    ["genesisHeader", { genesisHeader: "0x" }],
    ["genesisHeader", { genesisHeader: `0x${"00".repeat(284)}` }],
    ["genesisHeader", { genesisTime: 1, genesisHeader: `0x${"00".repeat(285)}` }],
  ] as [string, Partial<DeploymentParameters>][]) {
    it(`refuses a wrong ${name}: ${told(change)}`, async () => {
      await expect(deploy(await defaultParameters(change)))
        .to.be.revertedWithCustomError(await ethers.getContractFactory("Rollup"), "Init_InvalidParameter")
        .withArgs(name);
    });
  }
  it("refuses a genesis header with a state or an archive that is no field", async () => {
    const rollup = await ethers.getContractFactory("Rollup");
    const { genesisHeader } = await defaultParameters();
    for (const at of [0, 248]) {
      const start = 2 + 2 * at;
      const header = String(genesisHeader);
      const changed = `${header.slice(0, start)}${"ff".repeat(32)}${header.slice(start + 64)}`;
      await expect(deploy(await defaultParameters({ genesisHeader: changed })))
        .to.be.revertedWithCustomError(rollup, "Init_InvalidParameter")
        .withArgs("genesisHeader");
    }
  });
  it("refuses an Inbox or a FeePortal of another version, and peers without code", async () => {
    const net = await networkHelpers.loadFixture(oneValidator);
    const { parameters, addresses } = net;
    const rollup = await ethers.getContractFactory("Rollup");
    const peers = {
      owner: addresses.Teocalli!,
      validatorRegistry: addresses.ValidatorRegistry!,
      availabilityOracle: addresses.AvailabilityOracle!,
      inbox: addresses.Inbox!,
      outbox: addresses.Outbox!,
      feePortal: addresses.FeePortal!,
      rewards: addresses.Rewards!,
      token: addresses.L2AZT!,
      verifier: addresses.Verifier!,
    };
    const refused = async (change: Partial<typeof peers>, name: string) =>
      expect(rollup.deploy(parameters as never, { ...peers, ...change }))
        .to.be.revertedWithCustomError(rollup, "Init_InvalidParameter")
        .withArgs(name);
    const inbox = await (await ethers.deployContract("Inbox", [8])).getAddress();
    await refused({ inbox }, "rollupVersion");
    const portal = await ethers.deployContract("FeePortal", [
      peers.token,
      peers.inbox,
      peers.outbox,
      peers.rewards,
      8,
      1,
    ]);
    await refused({ feePortal: await portal.getAddress() }, "rollupVersion");
    for (const name of ["availabilityOracle", "outbox", "rewards", "token", "verifier"] as const)
      await refused({ [name]: net.bob.address }, "peers");
    await rollup.deploy(parameters as never, peers);
  });
  it("takes initial validators in several calls of the deployer, until it is initialized", async () => {
    const registry = await ethers.deployContract("ValidatorRegistry", [owner.address, 0, 5, [pubkeyOf(owner.address)]]);
    const keys = [1, 2, 3].map(index => toBeHex(index, 32));
    const [, stranger] = await ethers.getSigners();
    await expect(registry.connect(stranger!).addInitialValidators(keys)).to.be.revertedWithCustomError(
      registry,
      "Init_NotDeployer",
    );
    await registry.addInitialValidators(keys.slice(0, 2));
    await registry.addInitialValidators(keys.slice(2));
    await expect(registry.addInitialValidators(keys.slice(2))).to.be.revertedWithCustomError(
      registry,
      "Set2_WrongStatus",
    );
    const all = [owner.address, ...keys.map(key => ethers.getAddress(`0x${key.slice(26)}`))];
    expect([...(await registry.getValidatorsAt(0))]).to.deep.equal(all);
    expect((await registry.getValidator(keys[2]!)).index).to.equal(3n);
    await registry.initialize(stranger!.address);
    await expect(registry.addInitialValidators([toBeHex(4, 32)])).to.be.revertedWithCustomError(
      registry,
      "Init_AlreadyInitialized",
    );
  });
  it("openBootstrap ends with the first of them", async () => {
    const registry = await ethers.deployContract("ValidatorRegistry", [owner.address, 0, 5, []]);
    expect(await registry.firstNonEmptyEpoch()).to.equal(2n ** 32n - 1n);
    await registry.addInitialValidators([toBeHex(1, 32)]);
    expect(await registry.firstNonEmptyEpoch()).to.equal(0n);
  });
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
    const parameters = await defaultParameters();
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

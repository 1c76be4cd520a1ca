import { expect } from "chai";
import { AbiCoder, Wallet } from "ethers";
import { command } from "../support/chain.ts";
import { network, type Network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

describe("Teocalli", () => {
  let net: Network;
  const signers = ["a", "b", "c"].map(name => new Wallet(ethers.id(`signer ${name}`)));
  const outsider = new Wallet(ethers.id("outsider"));
  const fixture = () => network(1, { teocalliSigners: signers.map(signer => signer.address), teocalliThreshold: 2 });
  beforeEach(async () => {
    net = await networkHelpers.loadFixture(fixture);
  });
  const refused = async (error: string, attempt: Promise<unknown>) =>
    expect(attempt).to.be.revertedWithCustomError(net.teocalli, error);
  const self = () => net.addresses.Teocalli!;
  const encode = (name: "addSigner" | "removeSigner" | "setThreshold", value: string | number) =>
    net.teocalli.interface.encodeFunctionData(name as "addSigner", [value as string]);

  it("executes what a threshold of signers signed", async () => {
    const data = net.token.interface.encodeFunctionData("mint", [net.bob.address, 5n]);
    const sent = net.teocalli
      .connect(net.bob)
      .execute(await command(net.deployment, net.addresses.L2AZT!, data, signers.slice(1)));
    await expect(sent).to.emit(net.teocalli, "CommandExecuted").withArgs(0n, net.addresses.L2AZT, 0n, data);
    expect(await net.teocalli.nonce()).to.equal(1n);
  });
  it("refuses too few, foreign, repeated and unordered signatures", async () => {
    const data = encode("setThreshold", 1);
    await refused(
      "Teocalli_TooFewSignatures",
      net.teocalli.execute(await command(net.deployment, self(), data, [signers[0]!])),
    );
    await refused(
      "Teocalli_NotASigner",
      net.teocalli.execute(await command(net.deployment, self(), data, [signers[0]!, outsider])),
    );
    await refused(
      "Teocalli_SignersNotAscending",
      net.teocalli.execute(await command(net.deployment, self(), data, [signers[0]!, signers[0]!])),
    );
    const ordered = await command(net.deployment, self(), data, signers);
    const coder = AbiCoder.defaultAbiCoder();
    const types = ["address", "uint256", "bytes", "uint256", "bytes[]"];
    const [target, value, bytes, nonce, signatures] = coder.decode(types, ordered);
    await refused(
      "Teocalli_SignersNotAscending",
      net.teocalli.execute(coder.encode(types, [target, value, bytes, nonce, signatures.toArray().reverse()])),
    );
    await refused(
      "Teocalli_NotASigner",
      net.teocalli.execute(coder.encode(types, [target, value + 1n, bytes, nonce, signatures.toArray()])),
    );
  });
  it("refuses a replay and a command out of order", async () => {
    const data = encode("setThreshold", 3);
    const cmd = await command(net.deployment, self(), data, signers);
    await net.teocalli.execute(cmd);
    await refused("Teocalli_WrongNonce", net.teocalli.execute(cmd));
  });
  it("changes signers and threshold through itself only", async () => {
    await refused("Teocalli_OnlyItself", net.teocalli.addSigner(outsider.address));
    await refused("Teocalli_OnlyItself", net.teocalli.removeSigner(signers[0]!.address));
    await refused("Teocalli_OnlyItself", net.teocalli.setThreshold(1));
    const run = async (data: string) =>
      net.teocalli.execute(await command(net.deployment, self(), data, signers.slice(0, 2)));
    await expect(run(encode("addSigner", outsider.address)))
      .to.emit(net.teocalli, "SignerAdded")
      .withArgs(outsider.address);
    await refused("Teocalli_InvalidSigner", run(encode("addSigner", outsider.address)));
    await refused("Teocalli_InvalidSigner", run(encode("addSigner", ethers.ZeroAddress)));
    await expect(run(encode("removeSigner", outsider.address)))
      .to.emit(net.teocalli, "SignerRemoved")
      .withArgs(outsider.address);
    await refused("Teocalli_InvalidSigner", run(encode("removeSigner", outsider.address)));
    await run(encode("removeSigner", signers[2]!.address));
    await refused("Teocalli_InvalidThreshold", run(encode("removeSigner", signers[1]!.address)));
    await refused("Teocalli_InvalidThreshold", run(encode("setThreshold", 3)));
    await refused("Teocalli_InvalidThreshold", run(encode("setThreshold", 0)));
    expect([...(await net.teocalli.getSigners())]).to.have.members(signers.slice(0, 2).map(signer => signer.address));
  });
  it("sends value that it holds", async () => {
    await net.deployer.sendTransaction({ to: self(), value: 7n });
    const registry = net.addresses.ValidatorRegistry!;
    const key = ethers.zeroPadValue(self(), 32);
    const data = net.validatorRegistry.interface.encodeFunctionData("stake", [key]);
    const short = net.teocalli.execute(await command(net.deployment, registry, data, signers, 7n));
    await expect(short).to.be.revertedWithCustomError(net.validatorRegistry, "Set2_StakeTooLow");
    await net.deployer.sendTransaction({ to: self(), value: 3n });
    await expect(net.teocalli.execute(await command(net.deployment, registry, data, signers, 10n))).to.emit(
      net.validatorRegistry,
      "ValidatorStaked",
    );
  });
  it("owns every other contract", async () => {
    for (const contract of [net.rollup, net.validatorRegistry, net.rewards, net.registry, net.token])
      expect(await contract.owner()).to.equal(self());
  });
  it("is refused by its own constructor without a threshold that can be met", async () => {
    const factory = await ethers.getContractFactory("Teocalli");
    await refused("Teocalli_InvalidThreshold", factory.deploy([outsider.address], 2));
    await refused("Teocalli_InvalidThreshold", factory.deploy([], 0));
    await refused("Teocalli_InvalidSigner", factory.deploy([outsider.address, outsider.address], 1));
  });
});

import { expect } from "chai";
import { AbiCoder, Wallet } from "ethers";
import { command, commandOf, commandTypes } from "../support/chain.ts";
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
      .execute(await command(net.deployment, { target: net.addresses.L2AZT!, data }, signers.slice(1)));
    await expect(sent).to.emit(net.teocalli, "CallExecuted").withArgs(0n, net.addresses.L2AZT, 0n, data);
    await expect(sent).to.emit(net.teocalli, "CommandExecuted").withArgs(0n, 1n);
    expect(await net.teocalli.nonce()).to.equal(1n);
  });
  it("refuses too few, foreign, repeated and unordered signatures", async () => {
    const data = encode("setThreshold", 1);
    await refused(
      "Teocalli_TooFewSignatures",
      net.teocalli.execute(await command(net.deployment, { target: self(), data }, [signers[0]!])),
    );
    await refused(
      "Teocalli_NotASigner",
      net.teocalli.execute(await command(net.deployment, { target: self(), data }, [signers[0]!, outsider])),
    );
    await refused(
      "Teocalli_SignersNotAscending",
      net.teocalli.execute(await command(net.deployment, { target: self(), data }, [signers[0]!, signers[0]!])),
    );
    const ordered = await command(net.deployment, { target: self(), data }, signers);
    const coder = AbiCoder.defaultAbiCoder();
    const [calls, nonce, deadline, signatures] = coder.decode(commandTypes, ordered);
    const again = (change: { calls?: unknown; deadline?: bigint; signatures?: unknown }) => {
      const parts = { calls: calls.toArray(true), deadline, signatures: signatures.toArray(), ...change };
      return net.teocalli.execute(coder.encode(commandTypes, [parts.calls, nonce, parts.deadline, parts.signatures]));
    };
    await refused("Teocalli_SignersNotAscending", again({ signatures: signatures.toArray().reverse() }));
    const [call] = calls.toArray(true) as [string, bigint, string][];
    await refused("Teocalli_NotASigner", again({ calls: [[call![0], 1n, call![2]]] }));
    await refused("Teocalli_NotASigner", again({ calls: [call, call] }));
    await refused("Teocalli_NotASigner", again({ calls: [] }));
    await refused("Teocalli_NotASigner", again({ deadline: deadline + 1n }));
  });
  it("refuses a replay and a command out of order", async () => {
    const data = encode("setThreshold", 3);
    const cmd = await command(net.deployment, { target: self(), data }, signers);
    await net.teocalli.execute(cmd);
    await refused("Teocalli_WrongNonce", net.teocalli.execute(cmd));
  });
  it("changes signers and threshold through itself only", async () => {
    await refused("Teocalli_OnlyItself", net.teocalli.addSigner(outsider.address));
    await refused("Teocalli_OnlyItself", net.teocalli.removeSigner(signers[0]!.address));
    await refused("Teocalli_OnlyItself", net.teocalli.setThreshold(1));
    const run = async (data: string) =>
      net.teocalli.execute(await command(net.deployment, { target: self(), data }, signers.slice(0, 2)));
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
    const short = net.teocalli.execute(await command(net.deployment, { target: registry, data, value: 7n }, signers));
    await expect(short).to.be.revertedWithCustomError(net.validatorRegistry, "Set2_StakeTooLow");
    await net.deployer.sendTransaction({ to: self(), value: 3n });
    await expect(
      net.teocalli.execute(await command(net.deployment, { target: registry, data, value: 10n }, signers)),
    ).to.emit(net.validatorRegistry, "ValidatorStaked");
  });
  const mint = (amount: bigint, recipient = net.bob.address) => ({
    target: net.addresses.L2AZT!,
    value: 0n,
    data: net.token.interface.encodeFunctionData("mint", [recipient, amount]),
  });

  it("sends Ether to accounts without code", async () => {
    await net.deployer.sendTransaction({ to: self(), value: 7n });
    const nobody = Wallet.createRandom().address;
    await net.teocalli.execute(await command(net.deployment, { target: nobody, data: "0x", value: 7n }, signers));
    expect(await ethers.provider.getBalance(nobody)).to.equal(7n);
    await refused(
      "Teocalli_CallFailed",
      net.teocalli.execute(await command(net.deployment, { target: nobody, data: "0x", value: 1n }, signers)),
    );
  });
  it("refuses data for an account without code", async () =>
    refused(
      "Teocalli_NoContract",
      net.teocalli.execute(
        await command(net.deployment, { target: net.bob.address, data: encode("setThreshold", 1) }, signers),
      ),
    ));
  it("executes several calls in order", async () => {
    const calls = [mint(5n), { target: self(), value: 0n, data: encode("setThreshold", 1) }, mint(6n)];
    const sent = net.teocalli.execute(await commandOf(net.deployment, { calls }, signers));
    await expect(sent).to.emit(net.teocalli, "CommandExecuted").withArgs(0n, 3n);
    expect(await net.token.balanceOf(net.bob.address)).to.equal(11n);
    expect([await net.teocalli.threshold(), await net.teocalli.nonce()]).to.deep.equal([1n, 1n]);
  });
  it("executes all of them or none", async () => {
    const tooMuch = mint(2n ** 128n);
    const cmd = await commandOf(net.deployment, { calls: [mint(5n), tooMuch] }, signers);
    await expect(net.teocalli.execute(cmd)).to.be.revertedWithCustomError(net.token, "Token_OverCap");
    expect(await net.token.balanceOf(net.bob.address)).to.equal(0n);
    expect(await net.teocalli.nonce()).to.equal(0n);
  });
  it("a command expires after its deadline, the last second included", async () => {
    const deadline = BigInt(await networkHelpers.time.latest()) + 100n;
    const first = await commandOf(net.deployment, { calls: [mint(5n)], deadline }, signers);
    const second = await commandOf(net.deployment, { calls: [mint(5n)], deadline, nonce: 1n }, signers);
    await networkHelpers.time.setNextBlockTimestamp(deadline);
    await net.teocalli.execute(first);
    await networkHelpers.time.setNextBlockTimestamp(deadline + 1n);
    await refused("Teocalli_Expired", net.teocalli.execute(second));
  });
  it("a command without calls cancels what else was signed for its nonce", async () => {
    const regretted = await commandOf(net.deployment, { calls: [mint(5n)] }, signers);
    await net.teocalli.execute(await commandOf(net.deployment, { calls: [] }, signers));
    await refused("Teocalli_WrongNonce", net.teocalli.execute(regretted));
  });
  it("cancels commands signed ahead, by nonce", async () => {
    const ahead = await commandOf(net.deployment, { calls: [mint(5n)], nonce: 3n }, signers);
    const cancel = (next: bigint) => ({
      target: self(),
      value: 0n,
      data: net.teocalli.interface.encodeFunctionData("cancelUpTo", [next]),
    });
    await refused("Teocalli_OnlyItself", net.teocalli.cancelUpTo(4));
    // Nonce 1 comes next: the command itself has used up 0.
    for (const next of [0n, 1n, 1002n]) {
      const cmd = await commandOf(net.deployment, { calls: [cancel(next)] }, signers);
      await refused("Teocalli_CancelOutOfRange", net.teocalli.execute(cmd));
    }
    await expect(net.teocalli.execute(await commandOf(net.deployment, { calls: [cancel(4n)] }, signers)))
      .to.emit(net.teocalli, "CommandsCancelled")
      .withArgs(1n, 4n);
    await refused("Teocalli_WrongNonce", net.teocalli.execute(ahead));
    await net.teocalli.execute(await commandOf(net.deployment, { calls: [mint(5n)], nonce: 4n }, signers));
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

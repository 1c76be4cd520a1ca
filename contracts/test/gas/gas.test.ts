import { expect } from "chai";
import { toBeHex, Wallet } from "ethers";
import { attesters, pubkeyOf } from "../support/attest.ts";
import { Chain, command } from "../support/chain.ts";
import { deposit } from "../support/fixture.ts";
import { defaultParameters, deploy } from "../support/deploy.ts";
import { ethers, networkHelpers, untouched } from "../support/network.ts";
import { deployRootVerifier, rootProofs } from "../support/root-proofs.ts";
import { expectSnapshot } from "../support/snapshot.ts";

/**
 * gasUsed of whole transactions in a steady state: the buffer has wrapped, the epoch is set up, every slot holds a
 * block.
 */
describe("gas", () => {
  const figures: Record<string, number> = {};
  // Signatures, and with them the calldata's zero bytes, depend on time and addresses: start from the same chain each
  // time.
  before(() => untouched.restore());

  for (const [size, signing, limit] of [
    [16, 11, 200_000],
    [48, 33, 310_000],
  ] as const) {
    it(`publishAndPropose with ${signing} of ${size} signing`, async () => {
      const { chain } = await steadyState(size);
      await proposeWith(chain, signing); // the first of its epoch, which sets it up
      const gas = await proposeWith(chain, signing);
      figures[`publishAndPropose, 1 tx, ${signing} of ${size}`] = gas;
      expect(gas).to.be.at.most(limit);
    });
  }

  it("processProvenBlock for 32 blocks, without verifier and proof", async () => {
    const { chain, deployment, owner } = await steadyState(16);
    const accept = await ethers.deployContract("AcceptAllVerifier");
    const data = deployment.rollup.interface.encodeFunctionData("setVerifier", [await accept.getAddress()]);
    await deployment.teocalli.execute(
      await command(deployment, { target: deployment.addresses.Rollup!, data }, [owner]),
    );
    const last = chain.blocks.at(-1)!;
    await chain.enter(last.header.slot + 1);
    const receipt = await (await deployment.rollup.processProvenBlock(last.encoded, last.archive, "0x")).wait();
    figures["processProvenBlock, 32 blocks, without verifier and proof"] = Number(receipt!.gasUsed);
    expect(Number(receipt!.gasUsed)).to.be.at.most(120_000);
  });

  it("processProvenBlock for 32 blocks, with a real proof over two children", async () => {
    const { chain, deployment, owner } = await steadyState(16);
    const { proof, publicInputs } = rootProofs["root-two"];
    const fixture = await ethers.deployContract("FixtureVerifier", [
      await (await deployRootVerifier()).getAddress(),
      publicInputs,
    ]);
    const data = deployment.rollup.interface.encodeFunctionData("setVerifier", [await fixture.getAddress()]);
    await deployment.teocalli.execute(
      await command(deployment, { target: deployment.addresses.Rollup!, data }, [owner]),
    );
    const last = chain.blocks.at(-1)!;
    await chain.enter(last.header.slot + 1);
    const receipt = await (await deployment.rollup.processProvenBlock(last.encoded, last.archive, proof)).wait();
    // A little too much: the fixture's own call and its eight storage reads are in it.
    figures["processProvenBlock, 32 blocks, with a real proof"] = Number(receipt!.gasUsed);
    expect(Number(receipt!.gasUsed)).to.be.at.most(1_050_000);
  });

  for (const size of [16, 48]) {
    it(`setupEpoch with a committee of ${size}`, async () => {
      const { chain, deployment } = await steadyState(size, 1);
      await chain.enter(32 * 6);
      const receipt = await (await deployment.rollup.setupEpoch(6)).wait();
      figures[`setupEpoch, committee of ${size}`] = Number(receipt!.gasUsed);
    });
  }

  it("setupEpoch costs what the committee costs, not what the set does", async () => {
    const { chain, deployment } = await steadyState(48, 1);
    const large = await ethers.deployContract("LargeSet");
    const code = await ethers.provider.getCode(await large.getAddress());
    await networkHelpers.setCode(deployment.addresses.ValidatorRegistry!, code);
    const gas: number[] = [];
    for (const [index, size] of [128, 1024, 8192, 65_536, 1_000_000].entries()) {
      await networkHelpers.setStorageAt(deployment.addresses.ValidatorRegistry!, 0, toBeHex(size, 32));
      await chain.enter(32 * (6 + index));
      gas.push(Number((await (await deployment.rollup.setupEpoch(6 + index)).wait())!.gasUsed));
    }
    figures["setupEpoch, committee of 48 of 1,000,000, without reading the members"] = gas.at(-1)!;
    expect(Math.max(...gas) - Math.min(...gas), gas.join(", ")).to.be.at.most(20_000);
  });

  it("deployment, within the gas that one transaction may use (EIP-7825)", async () => {
    const keys = attesters(128).map(wallet => pubkeyOf(wallet.address));
    const { creations } = await deploy(await defaultParameters({ initialValidators: keys }));
    for (const [id, name] of [
      ["Rollup", "Rollup"],
      ["ValidatorRegistry", "ValidatorRegistry with 128 validators"],
    ] as const) {
      const receipt = await ethers.provider.getTransactionReceipt(creations[id]!);
      figures[`deploy ${name}`] = Number(receipt?.gasUsed);
      expect(figures[`deploy ${name}`]).to.be.at.most(2 ** 24);
    }
  });

  after(() => expectSnapshot("gas", figures));
});

/** `epochs` epochs of 32 full slots, all proven but the last one. */
async function steadyState(size: number, epochs = 4) {
  const validators = attesters(size);
  const owner = new Wallet(ethers.id("owner"));
  const deployment = await deploy(
    await defaultParameters({
      teocalliSigners: [owner.address],
      initialValidators: validators.map(wallet => pubkeyOf(wallet.address)),
      slotDuration: 24,
      epochDuration: 32,
      committeeSize: size,
      proofWindow: 768,
      challengeWindow: 768,
      capacity: 98,
      provingRight: 2,
    }),
  );
  const chain = new Chain(deployment, validators);
  await deposit(deployment, 10n ** 24n);
  const [prover] = await ethers.getSigners();
  for (let slot = 1; slot < 32 * epochs; slot++) {
    if (slot % 32 === 0) {
      const last = chain.blocks.at(-1)!;
      await chain.enter(slot, 0);
      await deployment.rollup.processProvenBlock(last.encoded, last.archive, await chain.proof(last, prover!.address));
    }
    await proposeWith(chain, Math.floor((2 * size) / 3) + 1, slot);
  }
  return { chain, deployment, owner };
}

/** One block whose coinbase is its proposer, signed by the proposer and the next `signing − 1` members. */
async function proposeWith(
  chain: Chain,
  signing: number,
  slot = chain.blocks.at(-1)!.header.slot + 1,
): Promise<number> {
  const committee = await chain.committee(slot);
  const proposer = slot % committee.length;
  await chain.enter(slot, 1);
  const block = await chain.build(slot, {
    coinbase: committee[proposer]!.address,
    totalBaseFees: 123_456_789_012_345n,
  });
  const signers = Array.from({ length: signing }, (_, index) => (proposer + index) % committee.length);
  const response = await chain.send(block, await chain.sign(block, signers));
  chain.blocks[block.header.number] = block;
  return Number((await response.wait())!.gasUsed);
}

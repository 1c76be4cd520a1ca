import { expect } from "chai";
import { attesters, pubkeyOf } from "../support/attest.ts";
import { Chain } from "../support/chain.ts";
import { defaultParameters, deploy } from "../support/deploy.ts";
import { ethers } from "../support/network.ts";

describe("the first epoch", () => {
  it("takes blocks with a quorum and then their proof", async () => {
    const validators = attesters(4);
    const deployment = await deploy(
      await defaultParameters({
        initialValidators: validators.map(wallet => pubkeyOf(wallet.address)),
        provingRight: 2,
      }),
    );
    const chain = new Chain(deployment, validators);
    await chain.propose(1);
    const { block } = await chain.propose(3);
    expect(await deployment.rollup.pendingBlockNumber()).to.equal(2n);
    const [prover] = await ethers.getSigners();
    const proof = await chain.proof(block, prover!.address);
    await chain.enter(4);
    await expect(deployment.rollup.processProvenBlock(block.encoded, block.archive, proof))
      .to.emit(deployment.rollup, "L2ProvenBlockProcessed")
      .withArgs(2n, prover!.address, 1n, block.archive);
    expect(await deployment.rollup.provenBlockNumber()).to.equal(2n);
  });
});

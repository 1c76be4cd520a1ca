import { expect } from "chai";
import { Wallet } from "ethers";
import { commandOf } from "../support/chain.ts";
import { network } from "../support/fixture.ts";
import { ethers, networkHelpers } from "../support/network.ts";

describe("Teocalli's cancelling", () => {
  const signer = new Wallet(ethers.id("signer"));
  const fixture = () => network(1, { teocalliSigners: [signer.address], teocalliThreshold: 1 });

  it("takes back a thousand commands at once, and not one more", async () => {
    const { deployment, teocalli, addresses } = await networkHelpers.loadFixture(fixture);
    const cancel = async (next: bigint) => {
      const data = teocalli.interface.encodeFunctionData("cancelUpTo", [next]);
      return commandOf(deployment, { calls: [{ target: addresses.Teocalli!, value: 0n, data }] }, [signer]);
    };
    // The command itself has used up nonce 0.
    await expect(teocalli.execute(await cancel(1_002n))).to.be.revertedWithCustomError(
      teocalli,
      "Teocalli_CancelOutOfRange",
    );
    await expect(teocalli.execute(await cancel(1_001n)))
      .to.emit(teocalli, "CommandsCancelled")
      .withArgs(1n, 1_001n);
    expect(await teocalli.nonce()).to.equal(1_001n);
  });
});

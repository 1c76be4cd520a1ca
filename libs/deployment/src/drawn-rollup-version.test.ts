import { EthAddress, UnixSeconds } from "@sprtn/primitives";
import { expect } from "chai";
import { type DeploymentIdentity, drawnRollupVersion } from "./drawn-rollup-version.js";

const one: DeploymentIdentity = {
  chainId: 31_337n,
  deployer: EthAddress(`0x${"11".repeat(20)}`),
  name: "local",
  genesisTime: UnixSeconds(1_700_000_000),
};

describe("drawnRollupVersion", () => {
  it("is the same for the same deployment, 48 bits and not 0", () => {
    const version = drawnRollupVersion(one);
    expect(drawnRollupVersion({ ...one })).to.equal(version);
    expect(version > 0n && version < 2n ** 48n).to.equal(true);
  });

  for (const change of [
    { chainId: 1n },
    { deployer: EthAddress(`0x${"12".repeat(20)}`) },
    { name: "other" },
    { genesisTime: UnixSeconds(1_700_000_001) },
  ]) {
    it(`is another for another ${Object.keys(change)[0]}`, () => {
      expect(drawnRollupVersion({ ...one, ...change })).to.not.equal(drawnRollupVersion(one));
    });
  }
});

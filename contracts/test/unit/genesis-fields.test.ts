import { expect } from "chai";
import { toBeHex } from "ethers";
import { defaultParameters, deploy, type DeploymentParameters } from "../support/deploy.ts";
import { ethers } from "../support/network.ts";

/** Of BN254's scalar field. */
const MODULUS = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n;

/** The default genesis header with another word at `offset`. */
async function headerWith(offset: number, word: string): Promise<Partial<DeploymentParameters>> {
  const header = String((await defaultParameters()).genesisHeader);
  const start = 2 + 2 * offset;
  return { genesisHeader: `${header.slice(0, start)}${word.slice(2)}${header.slice(start + 64)}` };
}

describe("fields of a genesis", () => {
  for (const [what, name, change] of [
    ["archive", "genesisArchive", async (word: string) => ({ genesisArchive: word })],
    ["header's last archive", "genesisHeader", (word: string) => headerWith(0, word)],
    ["header's state hash", "genesisHeader", (word: string) => headerWith(248, word)],
  ] as const) {
    it(`its ${what} is below the modulus`, async () => {
      const parametersOf = async (value: bigint) => defaultParameters(await change(toBeHex(value, 32)));
      await expect(deploy(await parametersOf(MODULUS)))
        .to.be.revertedWithCustomError(await ethers.getContractFactory("Rollup"), "Init_InvalidParameter")
        .withArgs(name);
      await deploy(await parametersOf(MODULUS - 1n));
    });
  }
});

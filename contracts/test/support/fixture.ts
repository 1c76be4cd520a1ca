import { Wallet } from "ethers";
import { attesters, pubkeyOf } from "./attest.ts";
import { Chain, command } from "./chain.ts";
import { defaultParameters, deploy, type DeploymentParameters } from "./deploy.ts";
import { ethers } from "./network.ts";

export const owner = new Wallet(ethers.id("owner"));

/** A deployment owned by `owner` through Teocalli, with `count` validators from epoch 0. */
export async function network(count = 4, overrides: Partial<DeploymentParameters> = {}) {
  const validators = attesters(count);
  const deployment = await deploy(
    await defaultParameters({
      teocalliSigners: [owner.address],
      initialValidators: validators.map(wallet => pubkeyOf(wallet.address)),
      provingRight: 2,
      ...overrides,
    }),
  );
  const chain = new Chain(deployment, validators);
  const [deployer, alice, bob] = await ethers.getSigners();
  /** Runs a call as Teocalli. */
  const govern = async (
    target: { getAddress(): Promise<string>; interface: { encodeFunctionData(name: string, args: unknown[]): string } },
    name: string,
    ...args: unknown[]
  ) => {
    const data = target.interface.encodeFunctionData(name, args);
    return deployment.teocalli.execute(await command(deployment, await target.getAddress(), data, [owner]));
  };
  return { deployment, chain, validators, govern, deployer: deployer!, alice: alice!, bob: bob!, ...deployment };
}

export type Network = Awaited<ReturnType<typeof network>>;

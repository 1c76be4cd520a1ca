import { Wallet } from "ethers";
import { attesters, pubkeyOf } from "./attest.ts";
import { Chain, command } from "./chain.ts";
import { defaultParameters, deploy, type Deployment, type DeploymentParameters } from "./deploy.ts";
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
  /** Locks tokens in FeePortal, as a deposit does. */
  const fund = async (amount: bigint) => deposit(deployment, amount);
  /** Runs a call as Teocalli. */
  const govern = async (
    target: { getAddress(): Promise<string>; interface: { encodeFunctionData(name: string, args: unknown[]): string } },
    name: string,
    ...args: unknown[]
  ) => {
    const data = target.interface.encodeFunctionData(name, args);
    return deployment.teocalli.execute(await command(deployment, { target: await target.getAddress(), data }, [owner]));
  };
  return { deployment, chain, validators, govern, fund, deployer: deployer!, alice: alice!, bob: bob!, ...deployment };
}

/** A deposit by the deployer of tokens that it mints. */
export async function deposit({ token, portal, addresses }: Deployment, amount: bigint): Promise<void> {
  const [deployer] = await ethers.getSigners();
  await token.mint(deployer!.address, amount);
  await token.approve(addresses.FeePortal!, amount);
  await portal.deposit(ethers.toBeHex(1, 32), amount, ethers.toBeHex(2, 32));
}

export type Network = Awaited<ReturnType<typeof network>>;

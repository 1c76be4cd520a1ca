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
  /** Enters `slot` and sends the proof of the epoch's first blocks up to `number`, as the deployer. */
  const prove = async (number: number, slot: number) => {
    const block = chain.blocks[number]!;
    const proof = await chain.proof(block, deployer!.address);
    await chain.enter(slot);
    return deployment.rollup.processProvenBlock(block.encoded, block.archive, proof);
  };
  const signers = { deployer: deployer!, alice: alice!, bob: bob! };
  return { deployment, chain, validators, govern, fund, prove, ...signers, ...deployment };
}

/** A deposit by the deployer of tokens that it mints. */
export async function deposit({ token, portal, addresses }: Deployment, amount: bigint): Promise<void> {
  const [deployer] = await ethers.getSigners();
  await token.mint(deployer!.address, amount);
  await token.approve(addresses.FeePortal!, amount);
  await portal.deposit(ethers.toBeHex(1, 32), amount, ethers.toBeHex(2, 32));
}

export type Network = Awaited<ReturnType<typeof network>>;

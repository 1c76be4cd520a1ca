import { l2AZTAbi, rewardsAbi, rollupAbi } from "@sprtn/contracts";
import { Contract } from "ethers";
import { readL1History } from "../l1/l1-history.js";
import type { TestNetwork } from "../network/test-network.js";
import { assertInvariant } from "./assert-invariant.js";

const ALLOCATED = 10n ** 24n;

/**
 * INV-8, to the wei, at one L1 block: credits add up to what blocks and proofs earn; what was allocated is there or
 * paid.
 * @throws INVARIANT
 */
export async function auditRewards(network: TestNetwork): Promise<void> {
  const { devnet, deployment } = network;
  const { contracts, parameters } = deployment;
  const history = await readL1History(network);
  const at = { blockTag: history.head };
  const rollup = new Contract(contracts.rollup, rollupAbi, devnet.provider);
  const rewards = new Contract(contracts.rewards, rewardsAbi, devnet.provider);
  const token = new Contract(contracts.token, l2AZTAbi, devnet.provider);
  const read = async (contract: Contract, name: string, ...args: unknown[]) =>
    (await contract.getFunction(name)(...args, at)) as bigint;

  const proverShare = (parameters.provenReward * BigInt(parameters.proverShareBps)) / 10_000n;
  const coinbaseShare = parameters.provenReward - proverShare;
  const highest = Math.max(0, ...history.accepted.map(({ header }) => header.number));
  // A block's proven reward is credited when its record is overwritten.
  const settled = Math.max(0, highest - parameters.capacity);
  const earned =
    BigInt(history.accepted.length) * parameters.pendingReward +
    BigInt(history.proven) * proverShare +
    BigInt(settled) * coinbaseShare;
  assertInvariant(
    "INV-8",
    history.credited === earned,
    `${history.credited} wei were credited, ${earned} earned by ${history.accepted.length} blocks, ${history.proven} ` +
      `of them proven, ${settled} settled`,
  );

  let open = 0n;
  for (const account of history.creditedAccounts) open += await read(rollup, "creditOf", account);
  assertInvariant(
    "INV-8",
    open + history.claimed === earned,
    `${open} wei are open and ${history.claimed} claimed, ${earned} were earned`,
  );

  const [allocated, held, funds] = [
    await read(rewards, "totalAllocated"),
    await read(token, "balanceOf", contracts.rewards),
    await read(token, "balanceOf", contracts.rollup),
  ];
  assertInvariant("INV-8", allocated <= held, `Rewards has allocated ${allocated} wei and holds ${held}`);
  assertInvariant(
    "INV-8",
    allocated + funds + history.claimed === ALLOCATED,
    `${allocated} wei are allocated still, ${funds} with the Rollup, ${history.claimed} paid: ${ALLOCATED} were ` +
      "allocated",
  );
}

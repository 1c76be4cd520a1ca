import { l2AZTAbi, rollupAbi } from "@sprtn/contracts";
import { Contract, Wallet } from "ethers";
import { addressOf, keyOf } from "../network/accounts.js";
import type { TestNetwork } from "../network/test-network.js";

/**
 * Claims an account's rewards from the Rollup; gives the wei that it got. `payer` sends the transaction: a validator's
 * own key is busy.
 */
export async function claimReward(
  { devnet, deployment }: TestNetwork,
  account: number,
  payer: number,
): Promise<bigint> {
  const { rollup, token } = deployment.contracts;
  const signer = new Wallet(keyOf(payer), devnet.provider);
  const balance = async () =>
    (await new Contract(token, l2AZTAbi, devnet.provider).getFunction("balanceOf")(addressOf(account))) as bigint;
  const before = await balance();
  const sent = await new Contract(rollup, rollupAbi, signer).getFunction("claim")(addressOf(account), {
    gasLimit: 300_000,
  });
  await devnet.provider.waitForTransaction(sent.hash, 1, 20_000);
  return (await balance()) - before;
}

import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import { claim as claimRewards, formatEther, l1PlaceOf, type RewardsReport, rewardsOf } from "@sprtn/operator";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { rewardsVerbSettings } from "../settings.js";
import { confirmed, installedKey, payingAccount } from "./account.js";

const usage = `What an account has earned by blocks and proofs, and how it gets it.

sprtn rewards show [--account ADDRESS] [--dir DIR]
sprtn rewards claim [--account ADDRESS] [--key-file FILE] [--yes] [--dir DIR]

The account is that of the node's own key, unless --account gives another one, such as COINBASE. claim first credits
what is proven (settle), then has the Rollup pay; anybody may pay for these transactions, and the account gets it.`;

const read = (args: readonly string[]) => readVerb({ settings: rewardsVerbSettings, usage, args });

async function open(args: readonly string[]) {
  const given = read(args);
  if (given === HELPED) return HELPED;
  const { settings } = given;
  const host = thisHost();
  const place = await l1PlaceOf(host, resolve(settings.installation.dir));
  const coinbase = place.node.variables.get("COINBASE")?.toLowerCase();
  const account = settings.rewards.account ?? coinbase ?? (await installedKey(place)).address;
  return { settings, place, report: await rewardsOf(host, place, account) };
}

/** `sprtn rewards show`. */
export const show: Verb = async args => {
  const opened = await open(args);
  if (opened === HELPED) return Exit.WELL;
  const { report, settings } = opened;
  if (settings.installation.json) process.stdout.write(`${json(report)}\n`);
  else process.stdout.write(text(report));
  return Exit.WELL;
};

/** `sprtn rewards claim`. */
export const claim: Verb = async (args, { signal }) => {
  const opened = await open(args);
  if (opened === HELPED) return Exit.WELL;
  const { report, settings, place } = opened;
  const account = await payingAccount(place, settings.account);
  const whole = report.credit + report.unsettledReward;
  const question = `Pay up to ${formatEther(whole)} L2-AZT to ${report.account}, at the cost of ${account.address}?`;
  if (whole > 0n) await confirmed(question, settings.account, signal);
  const done = await claimRewards({ host: thisHost(), account, signal }, place, report);
  if (settings.installation.json) process.stdout.write(`${json(done)}\n`);
  else
    process.stdout.write(
      `${report.account} got ${formatEther(done.amount)} L2-AZT\nmined in ${done.transactions.join(", ")}\n`,
    );
  return Exit.WELL;
};

function json(value: object): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? each.toString() : each));
}

function text({ account, credit, unsettled, unsettledReward, blocksKnown }: RewardsReport): string {
  const more = blocksKnown
    ? `up to ${formatEther(unsettledReward)} L2-AZT, of ${unsettled.length} proven blocks`
    : "unknown while the node does not run: sprtn start";
  return `${account}\ncredited   ${formatEther(credit)} L2-AZT\nto settle  ${more}\n`;
}

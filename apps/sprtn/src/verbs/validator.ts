import { resolve } from "node:path";
import { Exit, type Verb } from "@sprtn/host";
import {
  exit as exitSet,
  formatEther,
  l1PlaceOf,
  planStake,
  stake as stakeFor,
  type ValidatorReport,
  validatorStatus,
  withdraw as withdrawStake,
} from "@sprtn/operator";
import { thisHost } from "../programs.js";
import { HELPED, readVerb } from "../read-verb.js";
import { validatorVerbSettings } from "../settings.js";
import { confirmed, installedKey, payingAccount } from "./account.js";

const usage = `A validator's way into the set and out of it: stake, be added by Teocalli, exit, wait, withdraw.

sprtn validator status [--address ADDRESS] [--dir DIR]
sprtn validator stake [--amount 1eth] [--key-file FILE] [--yes] [--dir DIR]
sprtn validator exit [--address ADDRESS] [--key-file FILE] [--yes] [--dir DIR]
sprtn validator withdraw [--address ADDRESS] [--key-file FILE] [--yes] [--dir DIR]

The key is the node's own, of .env, unless --key-file gives another one; the address is the key's, unless --address
gives another one.`;

interface Opened {
  readonly settings: Exclude<ReturnType<typeof read>, typeof HELPED>["settings"];
  readonly place: Awaited<ReturnType<typeof l1PlaceOf>>;
  readonly report: ValidatorReport;
}

const read = (args: readonly string[]) => readVerb({ settings: validatorVerbSettings, usage, args });

async function open(args: readonly string[]): Promise<Opened | typeof HELPED> {
  const given = read(args);
  if (given === HELPED) return HELPED;
  const { settings } = given;
  const host = thisHost();
  const place = await l1PlaceOf(host, resolve(settings.installation.dir));
  const { address, account } = { ...settings.validator, account: settings.account };
  const own = account.keyFile === undefined ? undefined : (await payingAccount(place, account)).address;
  const whose = address ?? own ?? (await installedKey(place)).address;
  return { settings, place, report: await validatorStatus(host, place, whose) };
}

/** `sprtn validator status`. */
export const status: Verb = async args => {
  const opened = await open(args);
  if (opened === HELPED) return Exit.WELL;
  const { report, settings } = opened;
  if (settings.installation.json) process.stdout.write(`${json(report)}\n`);
  else process.stdout.write(text(report));
  return Exit.WELL;
};

/** `sprtn validator stake`. */
export const stake: Verb = async (args, { signal }) => {
  const opened = await open(args);
  if (opened === HELPED) return Exit.WELL;
  const { report, settings, place } = opened;
  const amount = planStake(report, settings.validator.amount);
  const account = await payingAccount(place, settings.account);
  await confirmed(`Stake ${formatEther(amount)} ETH of ${account.address}?`, settings.account, signal);
  return sent(await stakeFor({ account, signal }, place, amount), opened);
};

/** `sprtn validator exit`. */
export const exit: Verb = async (args, { signal }) => {
  const opened = await open(args);
  if (opened === HELPED) return Exit.WELL;
  const { report, settings, place } = opened;
  const account = await payingAccount(place, settings.account);
  await confirmed(`Take ${report.address} out of the validator set?`, settings.account, signal);
  return sent(await exitSet({ account, signal }, place, report), opened);
};

/** `sprtn validator withdraw`. */
export const withdraw: Verb = async (args, { signal }) => {
  const opened = await open(args);
  if (opened === HELPED) return Exit.WELL;
  const { report, settings, place } = opened;
  const account = await payingAccount(place, settings.account);
  await confirmed(`Send the stake of ${report.address} to ${report.withdrawer}?`, settings.account, signal);
  return sent(await withdrawStake({ account, signal }, place, report), opened);
};

async function sent(transaction: string, { place, report: before, settings }: Opened): Promise<number> {
  const report = await validatorStatus(thisHost(), place, before.address);
  if (settings.installation.json) process.stdout.write(`${json({ transaction, ...report })}\n`);
  else process.stdout.write(`mined in ${transaction}\n${text(report)}`);
  return Exit.WELL;
}

function json(value: object): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? each.toString() : each));
}

function text(report: ValidatorReport): string {
  const { address, state, stake: staked, balance, currentEpoch, withdrawer, next } = report;
  const lines = [
    `${address}  ${state === "none" ? "no validator" : state}, epoch ${currentEpoch}`,
    ...(state === "none" ? [] : [`stake    ${formatEther(staked)} ETH, withdrawn by ${withdrawer}`]),
    `balance  ${formatEther(balance)} ETH`,
    `next     ${next}`,
  ];
  return `${lines.join("\n")}\n`;
}

import { validatorRegistryAbi, rollupAbi } from "@sprtn/contracts";
import type { OperatorHost } from "../host/operator-host.js";
import type { L1Account } from "../l1/l1-account.js";
import { contractOf, type L1Place } from "../l1/l1-place.js";
import { readContract } from "../l1/read-contract.js";
import { pubkeyOf, type RegisteredValidator, validatorState } from "../l1/validator-state.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import { formatEther } from "./ether.js";

/** A validator as L1 has it, and what comes next. */
export interface ValidatorReport extends RegisteredValidator {
  readonly address: string;
  readonly currentEpoch: number;
  /** Wei that its account has. */
  readonly balance: bigint;
  /** Wei, the least that can be staked. */
  readonly minimumStake: bigint;
  readonly next: string;
}

/** What L1 knows of an account as a validator. @throws OperatorError UNREACHABLE, REFUSED, BAD_ANSWER */
export async function validatorStatus(host: OperatorHost, place: L1Place, address: string): Promise<ValidatorReport> {
  const { url } = place;
  const registry = contractOf(place, "validatorRegistry");
  const [registered, [minimumStake], [epoch], [balance]] = await Promise.all([
    validatorState(host, url, { registry, address }),
    readContract(host, url, { abi: validatorRegistryAbi, address: registry, name: "MINIMUM_STAKE", args: [] }),
    readContract(host, url, { abi: rollupAbi, address: contractOf(place, "rollup"), name: "currentEpoch", args: [] }),
    host.call(url, [{ method: "eth_getBalance", params: [address, "latest"] }], 5_000),
  ]);
  const currentEpoch = Number(epoch);
  return {
    ...registered,
    address,
    currentEpoch,
    balance: BigInt(balance as string),
    minimumStake: minimumStake as bigint,
    next: nextStep(registered, currentEpoch),
  };
}

function nextStep({ state, withdrawableEpoch }: RegisteredValidator, currentEpoch: number): string {
  if (state === "none") return "sprtn validator stake";
  if (state === "pending") return "wait until Teocalli adds it (sprtn teocalli propose addValidator ADDRESS)";
  if (state === "active")
    return "it proposes and attests from the third epoch after it was added; sprtn validator exit";
  return currentEpoch >= withdrawableEpoch
    ? "sprtn validator withdraw"
    : `wait for epoch ${withdrawableEpoch}, then sprtn validator withdraw`;
}

/** What `stake` would do: the amount and what speaks against it. @throws OperatorError USAGE */
export function planStake(report: ValidatorReport, amount: bigint | undefined): bigint {
  const { state, minimumStake, balance, address } = report;
  const wanted = amount ?? minimumStake;
  const usage = (text: string) => new OperatorError(OperatorErrorCode.USAGE, text);
  if (state !== "none") throw usage(`${address} has a stake already (${state}): ${report.next}`);
  if (wanted < minimumStake) throw usage(`the least stake is ${formatEther(minimumStake)} ETH: give a larger --amount`);
  if (balance <= wanted)
    throw usage(
      `${address} has ${formatEther(balance)} ETH, not enough for a stake of ${formatEther(wanted)} ETH and gas: ` +
        "send it ether",
    );
  return wanted;
}

/** The transaction's hash. @throws L1Error */
export async function stake(
  { account, signal }: { readonly account: L1Account; readonly signal: AbortSignal },
  place: L1Place,
  amount: bigint,
): Promise<string> {
  const data = await encoded("stake", account.address);
  return account.send({ to: contractOf(place, "validatorRegistry"), data, value: amount }, signal);
}

/** Leaves the set; the stake is free after the grace. @throws OperatorError USAGE; L1Error */
export async function exit(
  { account, signal }: { readonly account: L1Account; readonly signal: AbortSignal },
  place: L1Place,
  report: ValidatorReport,
): Promise<string> {
  if (report.state !== "pending" && report.state !== "active")
    throw new OperatorError(OperatorErrorCode.USAGE, `${report.address} cannot exit (${report.state}): ${report.next}`);
  if (report.withdrawer !== account.address)
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      `only ${report.withdrawer}, who receives the stake, can let ${report.address} exit: give its key with --key-file`,
    );
  const data = await encoded("exitStake", report.address);
  return account.send({ to: contractOf(place, "validatorRegistry"), data }, signal);
}

/** Sends the stake to its withdrawer. @throws OperatorError USAGE before its time; L1Error */
export async function withdraw(
  { account, signal }: { readonly account: L1Account; readonly signal: AbortSignal },
  place: L1Place,
  report: ValidatorReport,
): Promise<string> {
  if (report.state !== "exiting" || report.currentEpoch < report.withdrawableEpoch)
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      `there is nothing to withdraw for ${report.address} yet (${report.state}): ${report.next}`,
    );
  const data = await encoded("withdrawStake", report.address);
  return account.send({ to: contractOf(place, "validatorRegistry"), data }, signal);
}

async function encoded(name: string, address: string): Promise<string> {
  const { Interface } = await import("ethers");
  return new Interface(validatorRegistryAbi).encodeFunctionData(name, [pubkeyOf(address)]);
}

import { validatorRegistryAbi } from "@sprtn/contracts";
import type { OperatorHost } from "../host/operator-host.js";
import { readContract } from "./read-contract.js";

/** What L1's registry knows of a validator, in the order of the contract. */
export const validatorStates = ["none", "pending", "active", "exiting"] as const;
/** How far a validator is. */
export type ValidatorState = (typeof validatorStates)[number];

/** A validator in L1's registry. */
export interface RegisteredValidator {
  readonly state: ValidatorState;
  readonly withdrawer: string;
  /** Wei. */
  readonly stake: bigint;
  /** While it is exiting: the epoch from which on the stake can be withdrawn. */
  readonly withdrawableEpoch: number;
}

/** SET-1: an attester's public key is its address, padded. */
export function pubkeyOf(address: string): string {
  return `0x${address.slice(2).toLowerCase().padStart(64, "0")}`;
}

/** @throws OperatorError UNREACHABLE, REFUSED, BAD_ANSWER */
export async function validatorState(
  host: Pick<OperatorHost, "call">,
  url: string,
  { registry, address }: { readonly registry: string; readonly address: string },
): Promise<RegisteredValidator> {
  const [found] = await readContract(host, url, {
    abi: validatorRegistryAbi,
    address: registry,
    name: "getValidator",
    args: [pubkeyOf(address)],
  });
  const { status, withdrawer, stake, withdrawableEpoch } = found as {
    readonly status: bigint;
    readonly withdrawer: string;
    readonly stake: bigint;
    readonly withdrawableEpoch: bigint;
  };
  return {
    state: validatorStates[Number(status)] ?? "none",
    withdrawer: withdrawer.toLowerCase(),
    stake,
    withdrawableEpoch: Number(withdrawableEpoch),
  };
}

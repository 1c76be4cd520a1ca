import type { EthAddress } from "@sprtn/primitives";
import type { ContractAddresses, Deployment } from "@sprtn/protocol";

/** The manifest's steps that deploy what a deployment file names. */
const stepOf: Readonly<Record<keyof ContractAddresses, string>> = {
  teocalli: "Teocalli",
  registry: "Registry",
  validatorRegistry: "ValidatorRegistry",
  rollup: "Rollup",
  rewards: "Rewards",
  availabilityOracle: "AvailabilityOracle",
  inbox: "Inbox",
  outbox: "Outbox",
  feePortal: "FeePortal",
  token: "L2AZT",
  verifier: "Verifier",
};

/** A deployment file's contracts by what is known of the steps. */
export function contractsFrom(addressOf: (step: string) => EthAddress): Deployment["contracts"] {
  return Object.fromEntries(
    Object.entries(stepOf).map(([name, step]) => [name, addressOf(step)]),
  ) as unknown as Deployment["contracts"];
}

import type { ContractAddresses } from "@sprtn/protocol";

/** The contracts whose logs and functions the client uses. */
export type RollupContracts = Pick<
  ContractAddresses,
  "rollup" | "availabilityOracle" | "inbox" | "validatorRegistry" | "feePortal" | "token"
>;

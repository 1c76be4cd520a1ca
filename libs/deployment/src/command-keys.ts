import type { Bytes32, EthAddress } from "@sprtn/primitives";
import { computeAddress } from "ethers";
import type { DeployRequest } from "./deploy-request.js";

/** The account of a private key; `undefined` for a number that is none. */
export function accountOf(key: Bytes32): EthAddress | undefined {
  try {
    return computeAddress(key).toLowerCase() as EthAddress;
  } catch {
    return undefined;
  }
}

/** The keys that sign Teocalli's commands: of different signers, and no more than it needs. */
export function commandKeysOf({
  teocalli,
  deployerKey,
}: Pick<DeployRequest, "teocalli" | "deployerKey">): readonly Bytes32[] {
  if (!teocalli) return [deployerKey];
  const bySigner = new Map(teocalli.keys.map(key => [accountOf(key), key]));
  const keys = [...bySigner].filter(([signer]) => signer !== undefined && teocalli.signers.includes(signer));
  return keys.slice(0, teocalli.threshold).map(([, key]) => key);
}

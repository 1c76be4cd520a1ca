import { privateKeyFrom } from "@sprtn/l1-client";
import { DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import type { Bytes32 } from "@sprtn/primitives";

/** Which account of the devnet's mnemonic belongs to whom; validators use the last one and those after it. */
export enum LocalAccount {
  DEPLOYER = 0,
  PROVER = 1,
  BOT = 2,
  FIRST_VALIDATOR = 3,
}

/** The key of an account. */
export function localKey(index: number): Bytes32 {
  return privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index });
}

import { PrivateKeySigner, privateKeyFrom } from "@sprtn/l1-client";
import { DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import type { Bytes32, EthAddress } from "@sprtn/primitives";

/** Accounts of the devnet's mnemonic by what they are for. */
export enum Account {
  DEPLOYER = 0,
  PROVER = 1,
  BOT = 2,
  WALLET = 3,
  FIRST_VALIDATOR = 4,
}

export const keyOf = (account: number): Bytes32 => privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index: account });

export const addressOf = (account: number): EthAddress =>
  new PrivateKeySigner({}, { privateKey: keyOf(account) }).address;

import { L1DepositClient, L1Endpoints, privateKeyFrom, PrivateKeySigner, TransactionSender } from "@sprtn/l1-client";
import { DEVNET_CHAIN_ID, DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import { type Bytes32, EthAddress, toHex } from "@sprtn/primitives";
import type { Clock, Logger, Random } from "@sprtn/ports";
import type { ContractAddresses } from "@sprtn/protocol";
import { DemoError, DemoErrorCode } from "./demo-error.js";
import type { DemoSettings } from "./settings.js";

export interface L1Account {
  readonly client: L1DepositClient;
  readonly sender: TransactionSender;
  close(): void;
}

/**
 * The L1 side of the demo: sends with the key that was given, on a devnet with the account that deployed the contracts.
 * @throws DemoError NO_KEY
 */
export function openL1(
  dependencies: { readonly clock: Clock; readonly logger: Logger },
  settings: Pick<DemoSettings, "l1" | "l1Publisher">,
  contracts: ContractAddresses,
): L1Account {
  const { clock, logger } = dependencies;
  const endpoints = new L1Endpoints({ clock, logger }, settings.l1);
  const signer = new PrivateKeySigner({}, { privateKey: keyOf(settings) });
  const sender = new TransactionSender(
    { endpoints, signer, clock, logger },
    { ...settings.l1Publisher, pollingIntervalMs: settings.l1.pollingIntervalMs },
  );
  return { client: new L1DepositClient({ sender, endpoints }, { contracts }), sender, close: () => endpoints.close() };
}

/** An L1 address that nothing was ever sent to. */
export function newL1Address(random: Random): EthAddress {
  return EthAddress(toHex(random.bytes(20)));
}

function keyOf({ l1, l1Publisher }: Pick<DemoSettings, "l1" | "l1Publisher">): Bytes32 {
  if (l1Publisher.privateKey !== undefined) return privateKeyFrom({ privateKey: l1Publisher.privateKey.reveal() });
  const mnemonic = l1Publisher.mnemonic?.reveal() ?? (l1.chainId === DEVNET_CHAIN_ID ? DEVNET_MNEMONIC : undefined);
  if (mnemonic === undefined)
    throw new DemoError(
      DemoErrorCode.NO_KEY,
      "the demo needs an L1 key to pay for the deposit: give SEQ_PUBLISHER_PRIVATE_KEY or MNEMONIC",
    );
  return privateKeyFrom({ mnemonic, index: l1Publisher.mnemonicIndex });
}

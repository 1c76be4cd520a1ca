import { L1DepositClient, L1Endpoints, PrivateKeySigner, TransactionSender } from "@sprtn/l1-client";
import { l1PublisherSettings, l1Settings } from "@sprtn/l1-client/settings";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import type { NodeApi } from "@sprtn/ports";
import { fromHex, type Hex } from "@sprtn/primitives";
import { createNodeClient } from "@sprtn/rpc";
import { composeSettings, parseSettings } from "@sprtn/settings";
import { MemoryKvStore } from "@sprtn/storage";
import { Wallet, walletSettingsFrom } from "@sprtn/wallet";
import { walletSettings } from "@sprtn/wallet/settings";
import { FaucetFunding } from "@sprtn/wiring";
import { keyOf } from "../network/accounts.js";
import type { TestNetwork } from "../network/test-network.js";
import type { TestNode } from "../network/test-node.js";

const composition = composeSettings({ l1: l1Settings, l1Publisher: l1PublisherSettings, wallet: walletSettings });

const settingsFor = (network: TestNetwork) =>
  parseSettings(composition, {
    args: [],
    env: { ETHEREUM_HOST: network.devnet.url, L1_POLLING_INTERVAL: "200ms", WALLET_POLL_INTERVAL: "300ms" },
  }).settings;

export interface WalletKeys {
  readonly seed: Hex;
  readonly accounts: number;
  readonly lifetimeEpochs?: number;
  /** Where its transactions go, if not to the node that it reads from. */
  readonly sendTx?: NodeApi["sendTx"];
}

/** A wallet that talks to `node` over RPC and keeps nothing. */
export function openWallet(network: TestNetwork, node: TestNode, keys: WalletKeys): Promise<Wallet> {
  const { hasher } = network;
  const { wallet } = settingsFor(network);
  const client = createNodeClient(node.url, { hasher });
  const { sendTx = tx => client.sendTx(tx) } = keys;
  return Wallet.open(
    {
      hasher,
      random: systemRandom,
      clock: systemClock,
      kv: new MemoryKvStore(),
      node: { ...client, sendTx },
      proofs: network.proofs.backend,
    },
    walletSettingsFrom(
      { ...wallet, lifetimeEpochs: keys.lifetimeEpochs ?? wallet.lifetimeEpochs },
      { seed: fromHex(keys.seed), accounts: keys.accounts },
    ),
  );
}

/** An L1 account's way in and out of the rollup. */
export function openPortal(
  network: TestNetwork,
  account: number,
): { readonly client: L1DepositClient; readonly funding: FaucetFunding } {
  const { l1, l1Publisher } = settingsFor(network);
  const endpoints = new L1Endpoints({ clock: systemClock, logger: network.logger }, l1);
  const signer = new PrivateKeySigner({}, { privateKey: keyOf(account) });
  const sender = new TransactionSender(
    { endpoints, signer, clock: systemClock, logger: network.logger },
    { ...l1Publisher, pollingIntervalMs: l1.pollingIntervalMs },
  );
  const client = new L1DepositClient({ sender, endpoints }, { contracts: network.deployment.contracts });
  return { client, funding: new FaucetFunding(client) };
}

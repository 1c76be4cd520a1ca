import { type Bot, type BotNode, createBot } from "@sprtn/bot";
import type { BotEnvironment } from "@sprtn/bot/settings";
import { L1DepositClient, L1Endpoints, PrivateKeySigner, type TransactionSender } from "@sprtn/l1-client";
import type { L1PublisherSettings, L1Settings } from "@sprtn/l1-client/settings";
import type { Bytes32 } from "@sprtn/primitives";
import type { KvStore, Logger, Meter, ProofBackend } from "@sprtn/ports";
import type { Deployment } from "@sprtn/protocol";
import { Wallet, walletSettingsFrom } from "@sprtn/wallet";
import type { WalletEnvironment } from "@sprtn/wallet/settings";
import { FaucetFunding } from "./faucet-funding.js";
import { L1Senders } from "./l1-senders.js";
import type { ProcessResources } from "./process-resources.js";

/** The network that the bot pays on, the key that funds it, its settings and its wallet's. */
export interface BotOptions {
  readonly environment: BotEnvironment;
  readonly wallet: WalletEnvironment;
  readonly l1: L1Settings;
  readonly l1Publisher: L1PublisherSettings;
  /** Pays on L1 for the bot's deposits. */
  readonly l1Key: Bytes32;
  readonly deployment: Pick<Deployment, "contracts">;
}

/** Where it sends, what it proves and keeps with. */
export interface BotDependencies {
  readonly node: BotNode;
  readonly proofs: ProofBackend;
  /** The wallet's. */
  readonly store: KvStore;
  /** Keeps the seed and unclaimed deposits from one run to the next. */
  readonly memory?: KvStore;
  /** The sender of the paying key, if the same process uses that key elsewhere; otherwise the bot makes its own. */
  readonly sender?: TransactionSender;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** A bot with its own wallet, funded through the FeePortal, against any node. */
export async function createNetworkBot(
  process: ProcessResources,
  dependencies: BotDependencies,
  options: BotOptions,
): Promise<Bot> {
  const { node, proofs, store, memory, logger, meter } = dependencies;
  const endpoints = new L1Endpoints({ clock: process.clock, logger }, options.l1);
  const { pollingIntervalMs } = options.l1;
  const senders = new L1Senders(
    { endpoints, clock: process.clock, logger },
    { ...options.l1Publisher, pollingIntervalMs },
  );
  const sender = dependencies.sender ?? senders.of(new PrivateKeySigner({}, { privateKey: options.l1Key }));
  const funding = new FaucetFunding(
    new L1DepositClient({ sender, endpoints }, { contracts: options.deployment.contracts }),
  );
  return createBot(
    {
      funding,
      clock: process.clock,
      random: process.random,
      logger,
      meter,
      store: memory,
      openWallet: keys =>
        Wallet.open(
          { hasher: process.hasher, random: process.random, clock: process.clock, kv: store, node, proofs },
          { ...walletSettingsFrom(options.wallet, keys), notesKept: keys.notesKept },
        ),
    },
    options.environment,
  );
}

import { type BotNode, SeveralNodes } from "@sprtn/bot";
import type { CircuitsOptions } from "@sprtn/circuits-client/settings";
import { L1DepositClient, L1Endpoints, PrivateKeySigner } from "@sprtn/l1-client";
import type { L1PublisherSettings, L1Settings } from "@sprtn/l1-client/settings";
import {
  cachedTerms,
  type FaultControl,
  type LoadReport,
  PREPARED_AHEAD_MS,
  runLoad,
  type RunLoadDependencies,
  type RunLoadOptions,
  type Scenario,
  spanMs,
  type SpanRules,
} from "@sprtn/load";
import type { Bytes32 } from "@sprtn/primitives";
import { createFeedReader, createNodeClient } from "@sprtn/rpc";
import { MemoryKvStore } from "@sprtn/storage";
import { Wallet, walletSettingsFrom } from "@sprtn/wallet";
import type { WalletEnvironment } from "@sprtn/wallet/settings";
import { FaucetFunding } from "./faucet-funding.js";
import { L1Senders } from "./l1-senders.js";
import type { ProcessResources } from "./process-resources.js";
import { openProofSystem } from "./proof-system.js";
import { requireChain } from "./require-chain.js";

/** The network that a load test runs on, what pays for it, and how it proves. */
export interface RemoteLoadOptions extends RunLoadOptions {
  /** Nodes that payments are sent to in turn. */
  readonly senders: readonly { readonly name: string; readonly url: string }[];
  /** Further ones that are watched. */
  readonly watched: readonly { readonly name: string; readonly url: string }[];
  readonly wallet: WalletEnvironment;
  readonly l1: L1Settings;
  readonly l1Publisher: L1PublisherSettings;
  /** Pays on L1 for the deposit. */
  readonly l1Key: Bytes32;
  readonly circuits: CircuitsOptions;
}

/** What a load test has of its process. */
export interface RemoteLoadDependencies extends ProcessResources {
  readonly faults: FaultControl;
  readonly loopLag: RunLoadDependencies["loopLag"];
}

/** Tips, fees and slot are asked for this often. */
const TERMS_MS = 400;
/** Of WALLET_TX_LIFETIME_EPOCHS. */
const MAX_EPOCHS = 1_000;

/** Epochs in which a payment may be included: as long as the run waits for it, or an epoch's end would be its loss. */
function epochsToLive(scenario: Scenario, rules: SpanRules): number {
  const waitMs = spanMs(scenario.drain.atMost, rules) + PREPARED_AHEAD_MS;
  return Math.min(MAX_EPOCHS, 1 + Math.ceil(waitMs / (1_000 * rules.slotDuration * rules.epochDuration)));
}

/** A load test with its own wallet, in memory, against nodes elsewhere. @throws what `runLoad` throws */
export async function runRemoteLoad(
  process: RemoteLoadDependencies,
  options: RemoteLoadOptions,
  signal: AbortSignal,
): Promise<LoadReport> {
  const { clock, logger, hasher, random, faults, loopLag } = process;
  const { senders, watched, scenario } = options;
  const nodes = [...senders, ...watched].map(({ name, url }) => ({
    name,
    url,
    reader: createFeedReader(url),
    api: createNodeClient(url, { hasher }),
  }));
  const asked = nodes.slice(0, senders.length).map(({ url, api }) => ({ url, node: api }));
  const node: BotNode = cachedTerms(new SeveralNodes({ nodes: asked, logger }), clock, TERMS_MS);
  const { deployment } = await node.getNodeInfo();
  requireChain(options.l1, deployment);
  const proofs = await openProofSystem(process, options.circuits, deployment);
  try {
    const endpoints = new L1Endpoints({ clock, logger }, options.l1);
    const l1Senders = new L1Senders(
      { endpoints, clock, logger },
      { ...options.l1Publisher, pollingIntervalMs: options.l1.pollingIntervalMs },
    );
    const sender = l1Senders.of(new PrivateKeySigner({}, { privateKey: options.l1Key }));
    const l1 = new FaucetFunding(new L1DepositClient({ sender, endpoints }, { contracts: deployment.contracts }));
    const settings = walletSettingsFrom(options.wallet, { seed: random.bytes(32), accounts: scenario.wallets });
    const lifetimeEpochs = Math.max(settings.lifetimeEpochs, epochsToLive(scenario, deployment.parameters));
    const wallet = await Wallet.open(
      { hasher, random, clock, kv: new MemoryKvStore(), node, proofs: proofs.backend },
      // Small notes are not merged: a merge would spend two where load needs one.
      { ...settings, lifetimeEpochs, notesKept: Number.MAX_SAFE_INTEGER },
    );
    return await runLoad({ wallet, l1, nodes, node, faults, clock, logger, loopLag }, options, signal);
  } finally {
    await proofs.close();
  }
}

import { archiverSettings } from "@sprtn/archiver/settings";
import { botSettings } from "@sprtn/bot/settings";
import { circuitsSettings } from "@sprtn/circuits-client/settings";
import { l1PublisherSettings, l1Settings } from "@sprtn/l1-client/settings";
import { p2pSettings } from "@sprtn/p2p/settings";
import { proverAgentSettings, proverNodeSettings, proverQueueSettings } from "@sprtn/prover/settings";
import { rpcSettings } from "@sprtn/rpc/settings";
import { sequencerSettings } from "@sprtn/sequencer/settings";
import { composeSettings, parseSettings } from "@sprtn/settings";
import { storageSettings } from "@sprtn/storage/settings";
import { txPoolSettings } from "@sprtn/tx-pool/settings";
import { validatorSettings } from "@sprtn/validator/settings";
import { walletSettings } from "@sprtn/wallet/settings";
import { localNetworkSettings, processSettings } from "../settings.js";

/** Settings of a node as an environment gives them. */
export function testSettings(env: Readonly<Record<string, string>> = {}) {
  const composition = composeSettings({
    l1: l1Settings,
    l1Publisher: l1PublisherSettings,
    p2p: p2pSettings,
    archiver: archiverSettings,
    txPool: txPoolSettings,
    sequencer: sequencerSettings,
    validator: validatorSettings,
    prover: proverNodeSettings,
    queue: proverQueueSettings,
    agent: proverAgentSettings,
    rpc: rpcSettings,
    storage: storageSettings,
    circuits: circuitsSettings,
    bot: botSettings,
    wallet: walletSettings,
    local: localNetworkSettings,
    process: processSettings,
  });
  return parseSettings(composition, {
    env: {
      P2P_TCP_LISTEN_ADDR: "127.0.0.1:0",
      P2P_UDP_LISTEN_ADDR: "127.0.0.1:0",
      P2P_DISCOVERY: "false",
      AZTEC_PORT: "0",
      ...env,
    },
  }).settings;
}

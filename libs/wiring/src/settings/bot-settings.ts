import { botSettings } from "@sprtn/bot/settings";
import { circuitsSettings } from "@sprtn/circuits-client/settings";
import { fieldHasherSettings } from "@sprtn/field-hasher/settings";
import { l1PublisherSettings, l1Settings } from "@sprtn/l1-client/settings";
import { observabilitySettings } from "@sprtn/observability/settings";
import { composeSettings, defineSettings, list, nodeUrl } from "@sprtn/settings";
import { storageSettings } from "@sprtn/storage/settings";
import { walletSettings } from "@sprtn/wallet/settings";
import { metricsSettings } from "./metrics-settings.js";

const targetSettings = defineSettings({
  nodeUrls: {
    env: "BOT_NODE_URL",
    aliases: ["AZTEC_NODE_URL"],
    parse: list(nodeUrl, { min: 1, max: 16 }),
    default: ["http://127.0.0.1:8080"],
    description:
      "RPC URLs of the nodes that transactions are sent to in turn, comma-separated; a node that does not answer " +
      "is skipped",
  },
});

/** Every setting of the transaction bot as a program. */
export const botProcessSettings = composeSettings({
  target: targetSettings,
  bot: botSettings,
  wallet: walletSettings,
  l1: l1Settings,
  l1Publisher: l1PublisherSettings,
  storage: storageSettings,
  circuits: circuitsSettings,
  fieldHasher: fieldHasherSettings,
  metrics: metricsSettings,
  observability: observabilitySettings,
});

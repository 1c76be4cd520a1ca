import { circuitsSettings } from "@sprtn/circuits-client/settings";
import { fieldHasherSettings } from "@sprtn/field-hasher/settings";
import { l1PublisherSettings, l1Settings } from "@sprtn/l1-client/settings";
import { observabilitySettings } from "@sprtn/observability/settings";
import { Wei } from "@sprtn/primitives";
import { type ComposedSettings, composeSettings, defineSettings, nodeUrl, wei } from "@sprtn/settings";
import { walletSettings } from "@sprtn/wallet/settings";

const AZT = 10n ** 18n;

const demoSettings = defineSettings({
  nodeUrl: {
    env: "DEMO_NODE_URL",
    aliases: ["AZTEC_NODE_URL"],
    parse: nodeUrl,
    default: "http://127.0.0.1:8080",
    description: "RPC of the node that the two wallets use",
  },
  deposit: {
    env: "DEMO_DEPOSIT",
    parse: wei,
    default: Wei(5n * AZT),
    description: "Amount that Alice deposits from L1, in wei of L2-AZT",
  },
  shield: {
    env: "DEMO_SHIELD",
    parse: wei,
    default: Wei(3n * AZT),
    description: "Amount that she shields into notes, in wei",
  },
  payment: {
    env: "DEMO_PAYMENT",
    parse: wei,
    default: Wei(2n * AZT),
    description: "Amount that she pays Bob privately, in wei",
  },
  unshield: {
    env: "DEMO_UNSHIELD",
    parse: wei,
    default: Wei((3n * AZT) / 2n),
    description: "Amount that Bob unshields from his note, in wei",
  },
  withdrawal: {
    env: "DEMO_WITHDRAWAL",
    parse: wei,
    default: Wei(AZT),
    description: "Amount that Bob withdraws to L1, in wei",
  },
});

const { publicMarginPercent, notesMarginPercent, lifetimeEpochs, pollMs } = walletSettings;

/** Everything that the demo can be told. */
export const demoProcessSettings = composeSettings({
  demo: demoSettings,
  l1: l1Settings,
  l1Publisher: l1PublisherSettings,
  wallet: { publicMarginPercent, notesMarginPercent, lifetimeEpochs, pollMs },
  circuits: circuitsSettings,
  fieldHasher: fieldHasherSettings,
  observability: observabilitySettings,
});

export type DemoSettings = ComposedSettings<(typeof demoProcessSettings)["groups"]>;

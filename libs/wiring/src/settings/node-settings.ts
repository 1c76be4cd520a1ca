import { archiverSettings } from "@sprtn/archiver/settings";
import { botSettings } from "@sprtn/bot/settings";
import { circuitsSettings } from "@sprtn/circuits-client/settings";
import { fieldHasherSettings } from "@sprtn/field-hasher/settings";
import { l1PublisherSettings, l1Settings } from "@sprtn/l1-client/settings";
import { observabilitySettings } from "@sprtn/observability/settings";
import { p2pSettings } from "@sprtn/p2p/settings";
import { proverAgentSettings, proverNodeSettings, proverQueueSettings } from "@sprtn/prover/settings";
import { rpcSettings } from "@sprtn/rpc/settings";
import { sentinelSettings } from "@sprtn/sentinel/settings";
import { sequencerSettings } from "@sprtn/sequencer/settings";
import { composeSettings, type GivenSettings, type SettingsProblem, type SettingsValues } from "@sprtn/settings";
import { storageSettings } from "@sprtn/storage/settings";
import { txPoolSettings } from "@sprtn/tx-pool/settings";
import { validatorSettings } from "@sprtn/validator/settings";
import { walletSettings } from "@sprtn/wallet/settings";
import { crossedBounds, nodeContradictions } from "./contradictions.js";
import { localNetworkSettings } from "./local-network-settings.js";
import { shapedPreset } from "./local-presets.js";
import { processSettings } from "./process-settings.js";

/** Every setting of a node. */
export const nodeSettings = composeSettings({
  process: processSettings,
  local: localNetworkSettings,
  l1: l1Settings,
  l1Publisher: l1PublisherSettings,
  p2p: p2pSettings,
  archiver: archiverSettings,
  txPool: txPoolSettings,
  sequencer: sequencerSettings,
  sentinel: sentinelSettings,
  validator: validatorSettings,
  prover: proverNodeSettings,
  queue: proverQueueSettings,
  agent: proverAgentSettings,
  rpc: rpcSettings,
  storage: storageSettings,
  circuits: circuitsSettings,
  fieldHasher: fieldHasherSettings,
  bot: botSettings,
  wallet: walletSettings,
  observability: observabilitySettings,
});

const roleFlags = [
  "ROLE_NODE",
  "ROLE_ARCHIVER",
  "ROLE_SEQUENCER",
  "ROLE_PROVER_NODE",
  "ROLE_PROVER",
  "ROLE_PXE",
  "ROLE_P2P_BOOTSTRAP",
  "ROLE_BOT",
];

/** What a node was told that cannot all be: for `contradictions` of the sources. */
export const contradictionsOf = (given: GivenSettings, values: SettingsValues): readonly SettingsProblem[] => [
  ...nodeContradictions(given, { roles: roleFlags, local: Object.values(localNetworkSettings).map(({ env }) => env) }),
  ...crossedBounds(given, values),
];

/** What two cores can prove while they run everything else: see docs/proving.md. */
const realProofsPreset = { BOT_TX_PER_SECOND: "0.0083", BOT_ACCOUNTS: "2", BOT_NOTES_PER_ACCOUNT: "1" };

/** Without a role it is a local network. */
export function presetOf(raw: (env: string) => string | undefined): { name: string; values: Record<string, string> } {
  const given = (env: string) => !["", "false", "0", "no", "off", undefined].includes(raw(env));
  const local = given("LOCAL_NETWORK") || (raw("LOCAL_NETWORK") === undefined && !roleFlags.some(given));
  const shape = shapedPreset(raw("LOCAL_PRESET"), raw("LOCAL_MAX_TXS_PER_BLOCK"));
  const values = given("LOCAL_SIMULATED_PROOFS") ? shape : { ...shape, ...realProofsPreset };
  return local ? { name: "local", values } : { name: "node", values: { LOCAL_NETWORK: "false" } };
}

import { presets } from "@sprtn/deployment/settings";

/** A local network looks more often and waits less: its L1 is in the same machine and its slots are short. */
export const localPreset = {
  LOCAL_NETWORK: "true",
  ARCHIVER_POLLING_INTERVAL_MS: "250ms",
  L1_POLLING_INTERVAL: "200ms",
  SEQ_MAX_TX_PER_BLOCK: "128",
  VALIDATOR_ATTESTATIONS_POLLING_INTERVAL_MS: "50",
  PROVER_NODE_POLLING_INTERVAL_MS: "500",
  PROVER_AGENT_POLL_INTERVAL_MS: "100",
  P2P_MIN_PEERS: "3",
  WALLET_POLL_INTERVAL: "500ms",
};

/** Of a network of another shape, by the preset's name: many nodes on one L1, in slots that are long. */
export function shapedPreset(name: string | undefined, maxTxsPerBlock: string | undefined): Record<string, string> {
  const preset = Object.entries(presets).find(([known]) => known === name);
  const blocks = maxTxsPerBlock ?? String((preset?.[1] ?? presets.local).choices.maxTxsPerBlock);
  if (preset === undefined || name === "local") return { ...localPreset, SEQ_MAX_TX_PER_BLOCK: blocks };
  const { validators, committeeSize, slotDuration, epochDuration } = preset[1].choices;
  return {
    ...localPreset,
    LOCAL_VALIDATORS: String(validators),
    LOCAL_COMMITTEE: String(committeeSize),
    LOCAL_SLOT_SECONDS: String(slotDuration),
    LOCAL_EPOCH_SLOTS: String(epochDuration),
    SEQ_MAX_TX_PER_BLOCK: blocks,
  };
}

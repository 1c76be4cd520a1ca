import { type NetworkChoices, parametersOf, presets } from "@sprtn/deployment";
import { Seconds } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import type { LocalNetworkSettings } from "../settings.js";

/** The shape of a local network: its preset with what the settings give in its place. */
export function localChoices(local: LocalNetworkSettings): NetworkChoices {
  const { choices } = presets[local.preset];
  const { validators, proofWindow, challengeWindow } = local;
  return {
    ...choices,
    validators,
    committeeSize: Math.min(local.committee ?? validators, validators),
    slotDuration: Seconds(local.slotSeconds),
    epochDuration: local.epochSlots,
    maxTxsPerBlock: local.maxTxsPerBlock ?? choices.maxTxsPerBlock,
    fees: local.fees,
    ...(proofWindow === undefined ? {} : { proofWindow: { seconds: proofWindow } }),
    ...(challengeWindow === undefined ? {} : { challengeWindow: { seconds: challengeWindow } }),
  };
}

/** What a local network is deployed with; its genesis time is that of its start. */
export function localParameters(local: LocalNetworkSettings): Omit<RollupParameters, "genesisTime"> {
  return parametersOf(localChoices(local));
}

import type { Logger } from "@sprtn/ports";
import { type Deployment, feesAreOff } from "@sprtn/protocol";
import type { LocalNetworkSettings } from "../settings.js";
import { localChoices, localParameters } from "./parameters.js";

/** A network continues as it was deployed: settings that differ have no effect. */
export function tellFixed(
  logger: Logger,
  local: LocalNetworkSettings,
  { deployment, validators }: { readonly deployment: Deployment; readonly validators: number },
): void {
  const { parameters, crs, name } = deployment;
  const wanted = localParameters(local);
  const fees = feesAreOff(parameters) ? "off" : "on";
  const fixed = [
    ["LOCAL_PRESET", local.preset, name],
    ["LOCAL_SLOT_SECONDS", wanted.slotDuration, parameters.slotDuration],
    ["LOCAL_EPOCH_SLOTS", wanted.epochDuration, parameters.epochDuration],
    ["LOCAL_VALIDATORS", localChoices(local).validators, validators],
    ["LOCAL_COMMITTEE", wanted.committeeSize, parameters.committeeSize],
    ["LOCAL_PROOF_WINDOW", wanted.proofWindow, parameters.proofWindow],
    ["LOCAL_CHALLENGE_WINDOW", wanted.challengeWindow, parameters.challengeWindow],
    ["LOCAL_FEES", local.fees, fees],
    ["LOCAL_SIMULATED_PROOFS", local.simulatedProofs, crs === null],
  ] as const;
  const ignored = fixed
    .filter(([, setting, actual]) => setting !== actual)
    .map(([setting, value, actual]) => `${setting} stays ${actual}, not ${value}`);
  // It has no limit without fees; else the choice that differs, and not the gas that follows from it.
  if (local.fees === fees && wanted.gasTarget.l2 !== parameters.gasTarget.l2)
    ignored.push("LOCAL_MAX_TXS_PER_BLOCK stays what it was");
  if (ignored.length > 0)
    logger.warn(
      `the network in this data directory continues as it was deployed (${ignored.join("; ")}): for a different ` +
        "network choose another DATA_DIRECTORY, or delete this one",
    );
}

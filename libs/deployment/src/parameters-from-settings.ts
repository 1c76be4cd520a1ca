import { UnixSeconds } from "@sprtn/primitives";
import type { RollupParameters } from "@sprtn/protocol";
import { type NetworkChoices, parametersOf, presets } from "./presets.js";
import type { DeploymentSettings } from "./settings.js";

/** The preset's choices with what the settings give in their place. */
export function choicesFrom(settings: DeploymentSettings): NetworkChoices {
  const { choices } = presets[settings.preset];
  const {
    validators,
    validatorCount,
    slotDuration,
    epochDuration,
    committeeSize,
    maxTxsPerBlock,
    proposalLateness,
    proofWindow,
    challengeWindow,
  } = settings;
  const {
    fees,
    initialBaseFeeL2,
    initialBaseFeeDa,
    pendingReward,
    provenReward,
    proverShareBps,
    minimumStake,
    minimumDeposit,
    openBootstrap,
    provingRight,
  } = settings;
  const given = {
    validators: validators?.length ?? validatorCount,
    slotDuration,
    epochDuration,
    committeeSize,
    maxTxsPerBlock,
    proposalLateness,
    fees,
    pendingReward,
    provenReward,
    proverShareBps,
    minimumStake,
    minimumDeposit,
    openBootstrap,
    provingRight,
    proofWindow: proofWindow === undefined ? undefined : { seconds: proofWindow },
    challengeWindow: challengeWindow === undefined ? undefined : { seconds: challengeWindow },
  };
  const { perL2Gas, perDaGas } = choices.initialBaseFees;
  return {
    ...choices,
    ...withoutUndefined(given),
    initialBaseFees: { perL2Gas: initialBaseFeeL2 ?? perL2Gas, perDaGas: initialBaseFeeDa ?? perDaGas },
  };
}

/** A deployment's parameters; the genesis time is 0 where it is left open. */
export function parametersFrom(settings: DeploymentSettings): RollupParameters {
  const { gasTarget, ...derived } = parametersOf(choicesFrom(settings));
  const { capacity, exitGraceEpochs, l2GasTarget, daGasTarget, genesisTime } = settings;
  return {
    ...derived,
    ...withoutUndefined({ capacity, exitGraceEpochs }),
    gasTarget: { l2: l2GasTarget ?? gasTarget.l2, da: daGasTarget ?? gasTarget.da },
    genesisTime: UnixSeconds(genesisTime ?? 0),
  };
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

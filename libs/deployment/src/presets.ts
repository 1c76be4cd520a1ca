import { Seconds, Wei } from "@sprtn/primitives";
import { FEES_OFF, type GasFees, type ProvingRight, type RollupParameters } from "@sprtn/protocol";
import { gasTargetFor, withDerived } from "./derived-parameters.js";

/**
 * All that a deployment's parameters follow from (`libs/protocol/spec/chain.md`, "Parameters"). Windows are in epochs,
 * or in seconds.
 */
export interface NetworkChoices {
  readonly validators: number;
  readonly committeeSize: number;
  readonly slotDuration: Seconds;
  /** Slots. */
  readonly epochDuration: number;
  /** The gas target follows from it. */
  readonly maxTxsPerBlock: number;
  readonly proofWindow: Window;
  readonly challengeWindow: Window;
  readonly proposalLateness: number;
  /** `off`: initial base fees and the gas target are those of {@link FEES_OFF}, whatever the other choices say. */
  readonly fees: "on" | "off";
  readonly initialBaseFees: GasFees;
  readonly pendingReward: Wei;
  readonly provenReward: Wei;
  readonly proverShareBps: number;
  readonly minimumStake: Wei;
  readonly minimumDeposit: Wei;
  readonly openBootstrap: boolean;
  readonly provingRight: ProvingRight;
}

/** A span in whole epochs, or in seconds. */
export type Window = { readonly epochs: number } | { readonly seconds: Seconds };

/** The networks of which the choices are known. */
export type PresetName = "local" | "sprtn" | "phase1" | "phase2";

/** A network's choices, and the parameters that follow from them. */
export interface Preset {
  readonly choices: NetworkChoices;
  /** What the choices come to; the genesis time is each deployment's own. */
  readonly parameters: Omit<RollupParameters, "genesisTime">;
}

const AZT = 10n ** 18n;

const common = {
  proposalLateness: 0,
  fees: "on",
  initialBaseFees: { perL2Gas: 1_000_000_000n, perDaGas: 1_000_000_000n },
  pendingReward: Wei(AZT),
  provenReward: Wei(2n * AZT),
  proverShareBps: 5000,
  minimumStake: Wei(0n),
  // A hundredth of what the cheapest transaction costs at genesis: less is dust that only fills the message tree.
  // Without fees it stays, for the same reason.
  minimumDeposit: Wei(10n ** 11n),
  openBootstrap: false,
  provingRight: "coordinator",
} as const;

const oneEpochEach = { proofWindow: { epochs: 1 }, challengeWindow: { epochs: 1 } } as const;
const twentyMinutes = { seconds: Seconds(20 * 60) };

/** The four networks that a deployer knows by name. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  local: preset({
    ...common,
    validators: 4,
    committeeSize: 4,
    slotDuration: Seconds(8),
    epochDuration: 8,
    maxTxsPerBlock: 128,
    proofWindow: twentyMinutes,
    challengeWindow: twentyMinutes,
  }),
  sprtn: preset({
    ...common,
    ...oneEpochEach,
    validators: 16,
    committeeSize: 16,
    slotDuration: Seconds(24),
    epochDuration: 32,
    maxTxsPerBlock: 320,
  }),
  phase1: preset({
    ...common,
    ...oneEpochEach,
    validators: 48,
    committeeSize: 16,
    slotDuration: Seconds(36),
    epochDuration: 32,
    maxTxsPerBlock: 32,
  }),
  phase2: preset({
    ...common,
    ...oneEpochEach,
    validators: 128,
    committeeSize: 16,
    slotDuration: Seconds(36),
    epochDuration: 32,
    maxTxsPerBlock: 64,
  }),
};

/** What choices come to: windows in seconds, the gas target, capacity and exit grace. */
export function parametersOf(choices: NetworkChoices): Omit<RollupParameters, "genesisTime"> {
  const { validators: _, maxTxsPerBlock, fees, proofWindow, challengeWindow, ...same } = choices;
  const windows = {
    proofWindow: secondsOf(proofWindow, choices),
    challengeWindow: secondsOf(challengeWindow, choices),
  };
  const gasTarget = gasTargetFor(maxTxsPerBlock);
  return withDerived({ ...same, ...windows, gasTarget, ...(fees === "off" ? FEES_OFF : {}) });
}

function preset(choices: NetworkChoices): Preset {
  return { choices, parameters: parametersOf(choices) };
}

function secondsOf(window: Window, { slotDuration, epochDuration }: NetworkChoices): Seconds {
  return "seconds" in window ? window.seconds : Seconds(window.epochs * slotDuration * epochDuration);
}

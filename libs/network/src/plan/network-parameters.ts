import { presets, type PresetName } from "@sprtn/deployment";
import type { Seconds } from "@sprtn/primitives";

/** Where a network's processes run. */
export const clusters = ["local", "dense", "compose", "kubernetes"] as const;
/** Where the processes run. */
export type Cluster = (typeof clusters)[number];

/** Who proves, and how: `simulated` proofs prove nothing, with `off` nobody proves. */
export const provingModes = ["real", "simulated", "off"] as const;
/** How epochs are proven. */
export type Proving = (typeof provingModes)[number];

/** Everything by which one network differs from another. */
export interface NetworkParameters {
  readonly preset: PresetName;
  readonly sequencers: number;
  readonly provers: number;
  /** Nodes without duties, for wallets. */
  readonly pxes: number;
  readonly slotDuration: Seconds;
  /** Slots. */
  readonly epochDuration: number;
  readonly committeeSize: number;
  readonly p2p: boolean;
  readonly proving: Proving;
  readonly fees: boolean;
  readonly cluster: Cluster;
  /** Prover agents as processes of their own; 0: each prover node proves in its own process. */
  readonly agents: number;
  /** Added to every port, so that several networks fit on a machine. */
  readonly portOffset: number;
}

/** What somebody has chosen; the rest follows from the preset. */
export type GivenParameters = { readonly [K in keyof NetworkParameters]?: NetworkParameters[K] | undefined };

/** The preset with what is given in its place. */
export function parametersFrom(given: GivenParameters): NetworkParameters {
  const preset = given.preset ?? "local";
  const { choices } = presets[preset];
  const proving = given.proving ?? "simulated";
  const sequencers = given.sequencers ?? choices.validators;
  return {
    preset,
    sequencers,
    provers: given.provers ?? (proving === "off" ? 0 : 1),
    pxes: given.pxes ?? 0,
    slotDuration: given.slotDuration ?? choices.slotDuration,
    epochDuration: given.epochDuration ?? choices.epochDuration,
    // A smaller network has a smaller committee unless somebody insists.
    committeeSize: given.committeeSize ?? Math.min(choices.committeeSize, sequencers),
    p2p: given.p2p ?? true,
    proving,
    fees: given.fees ?? true,
    cluster: given.cluster ?? "local",
    agents: given.agents ?? 0,
    portOffset: given.portOffset ?? 0,
  };
}

/** The flag of a parameter, for texts. */
function flagOf(parameter: keyof NetworkParameters): string {
  return `--${parameter.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

/** A parameter's value as its flag takes it. */
function shownParameter(value: NetworkParameters[keyof NetworkParameters]): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

/** What is given and differs from what a network was deployed with: `--sequencers 8 (it has 4)`. */
export function differences(given: GivenParameters, deployed: NetworkParameters): readonly string[] {
  const names = Object.keys(deployed) as (keyof NetworkParameters)[];
  return names.flatMap(name => {
    const value = given[name];
    if (value === undefined || value === deployed[name]) return [];
    return [`${flagOf(name)} ${shownParameter(value)} (it has ${shownParameter(deployed[name])})`];
  });
}

import { parameterProblems as deploymentProblems, parametersOf, presets } from "@sprtn/deployment";
import { counted, UnixSeconds } from "@sprtn/primitives";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import { CONTROLS, MAX_PROCESSES } from "./network-limits.js";
import type { NetworkParameters } from "./network-parameters.js";
import { processCount } from "./process-count.js";

type Rule = (parameters: NetworkParameters) => string | undefined;

const committeeFits: Rule = ({ committeeSize, sequencers }) =>
  committeeSize > sequencers
    ? `a committee of ${committeeSize} needs as many sequencers, and there are ${sequencers}: lower ` +
      "--committee-size, or raise --sequencers"
    : undefined;

/** Without peers nobody else hears of a transaction or signs a proposal. */
const p2pIsNeeded: Rule = ({ p2p, sequencers, pxes, provers }) => {
  if (p2p) return undefined;
  if (sequencers > 1)
    return (
      `--p2p off leaves each of ${sequencers} sequencers alone, and no block gets a quorum: give --sequencers 1, or ` +
      "--p2p on"
    );
  if (pxes > 0)
    return (
      "--p2p off: what a PXE's wallets send would reach nobody: give --pxes 0 (wallets use the sequencer), or " +
      "--p2p on"
    );
  if (provers > 1) return "--p2p off: only the sequencer's own process can prove: give --provers 1 or 0, or --p2p on";
  return undefined;
};

const agentsServeProvers: Rule = ({ agents, provers, p2p }) => {
  if (agents === 0) return undefined;
  return provers === 0
    ? `--agents ${agents} without a prover to work for: give --provers 1, or --agents 0`
    : !p2p
      ? "--p2p off: the sequencer proves in its own process: give --agents 0, or --p2p on"
      : undefined;
};

const agentsReachAll: Rule = ({ agents, provers }) =>
  agents > 0 && agents < provers
    ? `each prover node has agents of its own, and ${agents} cannot serve ${provers}: give --agents ${provers} or ` +
      "more, or --agents 0 (prover nodes then prove in their own processes)"
    : undefined;

const provingOff: Rule = ({ proving, provers }) =>
  proving === "off" && provers > 0
    ? `--proving off leaves ${counted(provers, "prover")} nothing to do: give --provers 0, or --proving simulated`
    : undefined;

const denseIsLarge: Rule = ({ cluster, sequencers }) =>
  cluster === "dense" && sequencers <= CONTROLS
    ? `a dense network has ${CONTROLS} control validators in processes of their own, and needs more than ${CONTROLS} ` +
      `sequencers: give --sequencers ${CONTROLS + 1} or more, or --cluster local`
    : undefined;

/** There the bootnode deploys the contracts, and every pod joins through it. */
const kubernetesHasPeers: Rule = ({ cluster, p2p }) =>
  cluster === "kubernetes" && !p2p
    ? "on Kubernetes nodes join through a bootnode: give --p2p on, or --cluster compose"
    : undefined;

const fitsPorts: Rule = parameters => {
  const count = processCount(parameters);
  return count > MAX_PROCESSES
    ? `${count} processes are more than the ${MAX_PROCESSES} for which there are ports: lower --sequencers, or give ` +
        "--cluster dense"
    : undefined;
};

/** What the contracts would refuse once L1 runs and the network is noted with these parameters. */
const isDeployable: Rule = ({ preset, sequencers, slotDuration, epochDuration, committeeSize, fees }) => {
  const { choices } = presets[preset];
  const chosen = {
    validators: sequencers,
    slotDuration,
    epochDuration,
    committeeSize,
    fees: fees ? "on" : "off",
  } as const;
  const problems = deploymentProblems({ ...parametersOf({ ...choices, ...chosen }), genesisTime: UnixSeconds(0) });
  return problems.length === 0
    ? undefined
    : `the contracts refuse these parameters (${problems.join("; ")}): change --slot-duration, --epoch-duration or ` +
        "--committee-size, or take a --preset with other windows";
};

const rules = [
  committeeFits,
  p2pIsNeeded,
  agentsServeProvers,
  agentsReachAll,
  provingOff,
  denseIsLarge,
  kubernetesHasPeers,
  fitsPorts,
  isDeployable,
];

/** All that keeps parameters from making a network. */
export function parameterProblems(parameters: NetworkParameters): readonly string[] {
  return rules.flatMap(rule => rule(parameters) ?? []);
}

/** @throws BAD_PARAMETERS with every problem */
export function checkParameters(parameters: NetworkParameters): void {
  const problems = parameterProblems(parameters);
  if (problems.length > 0) throw new NetworkError(NetworkErrorCode.BAD_PARAMETERS, problems.join("\n"));
}

/** What is worth knowing about a network that may well be wanted so. */
export function parameterNotices({ proving, provers, fees }: NetworkParameters): readonly string[] {
  const notices: string[] = [];
  if (proving === "simulated")
    notices.push("proofs are SIMULATED: anybody can forge them (--proving real makes real ones)");
  if (proving === "real") notices.push("proofs are made under the DEV CRS: anybody can forge them");
  if (provers === 0) notices.push("nobody proves: unproven epochs are pruned once their deadlines have passed");
  if (!fees) notices.push("fees are off: base fees are 1 wei per gas, and spam costs nothing");
  return notices;
}

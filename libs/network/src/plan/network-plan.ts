import { checkParameters } from "./check-parameters.js";
import { type Addressing, containerAddressing, localAddressing } from "./addressing.js";
import type { NetworkParameters } from "./network-parameters.js";
import { planProcesses } from "./plan-processes.js";
import type { PlannedProcess } from "./planned-process.js";

/** A network as it is to run: pure data, from which it is started or written. */
export interface NetworkPlan {
  readonly parameters: NetworkParameters;
  readonly processes: readonly PlannedProcess[];
  /** Names, in the order in which they start; each wave waits for the one before it. */
  readonly waves: readonly (readonly string[])[];
  /** How many accounts of the mnemonic hold ether. */
  readonly accounts: number;
}

/** Validators that start at once: more of them keep one another from getting ready. */
const WAVE = 4;
const DENSE_WAVE = 8;
/** Connections with which a node counts as part of the network. */
const ENOUGH_PEERS = 3;

/** What a plan depends on besides its parameters. */
export interface PlanSurroundings {
  /** Of the machine: a dense network has a process for each. */
  readonly cores: number;
}

/** @throws NetworkError BAD_PARAMETERS with every problem */
export function planNetwork(parameters: NetworkParameters, { cores }: PlanSurroundings): NetworkPlan {
  checkParameters(parameters);
  const { processes, accounts } = planProcesses(parameters, { cores, addressing: addressingOf(parameters) });
  const waves = wavesOf(processes);
  return { parameters, processes: withMinPeers(processes, waves), accounts, waves };
}

/** Nobody waits for peers that start only afterwards. */
function withMinPeers(processes: readonly PlannedProcess[], waves: NetworkPlan["waves"]): PlannedProcess[] {
  const hostsOf = ({ role, validators, p2pPort }: PlannedProcess) =>
    p2pPort === undefined || role === "bootnode" ? 0 : (validators?.count ?? 1);
  let hosts = 0;
  return waves.flatMap(wave => {
    const started = processes.filter(({ name }) => wave.includes(name));
    hosts += started.reduce((sum, each) => sum + hostsOf(each), 0);
    return started.map(each => ({ ...each, minPeers: hostsOf(each) === 0 ? 0 : Math.min(ENOUGH_PEERS, hosts - 1) }));
  });
}

function addressingOf({ cluster, portOffset }: NetworkParameters): Addressing {
  return cluster === "local" || cluster === "dense" ? localAddressing(portOffset) : containerAddressing;
}

function wavesOf(processes: readonly PlannedProcess[]): string[][] {
  const named = (...roles: readonly PlannedProcess["role"][]) =>
    processes.filter(({ role }) => roles.includes(role)).map(({ name }) => name);
  return [
    named("l1"),
    named("deploy"),
    named("bootnode"),
    named("prover"),
    named("agent"),
    ...inWaves(named("dense"), DENSE_WAVE),
    ...inWaves(named("validator", "control"), WAVE),
    ...inWaves(named("pxe"), WAVE),
  ].filter(wave => wave.length > 0);
}

function inWaves(names: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, i) => names.slice(i * size, (i + 1) * size));
}

import type { ProcessIdentity } from "@sprtn/host";
import type { ChainTips } from "@sprtn/protocol";
import { sleep } from "@sprtn/runtime";
import type { NetworkHost, Readiness } from "../host/network-host.js";
import type { NetworkRecord, ProcessRecord } from "../local/network-file.js";
import { runningProcess } from "../local/running-process.js";
import { requireRecord } from "../local/take-down.js";
import { shellWord } from "../shell-word.js";
import type { NetworkParameters } from "../plan/network-parameters.js";
import type { PlannedProcess } from "../plan/planned-process.js";
import { areEqual, judgeTips, type Tips } from "./judge-tips.js";

/** Each node has looked at L1 again by then; on a busy machine, after some more of these. */
const NEXT_LOOK_MS = 2_000;
const MOST_LOOKS = 3;
/** As many hashes of pending transactions as a node tells. */
const MOST_PENDING = 1_000;

/** One process of a network, as it is now. */
export interface NodeStatus {
  readonly name: string;
  readonly role: PlannedProcess["role"];
  readonly state: "running" | "ended" | "not started";
  readonly pid?: number;
  readonly ageMs?: number;
  readonly url?: string;
  /** Absent: nobody answers. */
  readonly readiness?: Readiness;
  /** Of nodes that have a chain. */
  readonly tips?: ChainTips;
  readonly peers?: number;
  /** Transactions that wait; 1000 stands for that many or more. */
  readonly pool?: number;
}

/** A network as it is now. */
export interface NetworkStatus {
  readonly parameters: NetworkParameters;
  readonly nodes: readonly NodeStatus[];
  /** All that is wrong, each with what to do. */
  readonly problems: readonly string[];
  /** `down`: nothing of it runs. */
  readonly verdict: "ok" | "failed" | "down";
}

/** @throws NetworkError NOT_A_NETWORK, BAD_FILE; HostError FILE_ACCESS */
export async function networkStatus(
  host: NetworkHost,
  { directory, signal }: { readonly directory: string; readonly signal: AbortSignal },
): Promise<NetworkStatus> {
  const record = await requireRecord(host, directory);
  const processes = record.plan.processes.filter(({ role }) => role !== "deploy");
  const running = (planned: PlannedProcess) => runningProcess(host, { directory, planned }, record);
  const nodes = await Promise.all(
    processes.map(async planned => statusOf(host, planned, { running: await running(planned), record })),
  );
  const { parameters } = record.plan;
  if (nodes.every(({ state }) => state !== "running"))
    return {
      parameters,
      nodes,
      problems: [`nothing of this network runs: start it with \`network up --dir ${shellWord(directory)}\``],
      verdict: "down",
    };
  const first = tipsOf(nodes);
  if (areEqual(first)) return verdictOf({ parameters, nodes, problems: nodes.flatMap(problemsOf) });
  // Unequal tips are a fault only if no later look explains them; the last one is shown.
  for (let looks = 1; ; looks++) {
    await sleep(host.clock, NEXT_LOOK_MS, signal);
    const later = await Promise.all(nodes.map(node => withTips(host, node)));
    const unequal = judgeTips(first, tipsOf(later));
    if (unequal.length === 0 || looks === MOST_LOOKS)
      return verdictOf({ parameters, nodes: later, problems: [...later.flatMap(problemsOf), ...unequal] });
  }
}

async function statusOf(
  host: NetworkHost,
  planned: PlannedProcess,
  { running: known, record }: { readonly running: ProcessRecord | undefined; readonly record: NetworkRecord },
): Promise<NodeStatus> {
  const { name, role, port } = planned;
  const before = record.processes[name];
  if (known === undefined)
    return before === undefined
      ? { name, role, state: "not started" }
      : { name, role, state: "ended", pid: before.pid };
  const url = `http://127.0.0.1:${port}`;
  const running = { name, role, state: "running", url, ...ageOf(host, known) } as const;
  if (role === "l1") return { ...running, ...((await host.isL1Ready(url)) ? { readiness: { ready: true } } : {}) };
  const readiness = await host.readiness(url);
  if (readiness === undefined) return running;
  if (role === "agent") return { ...running, readiness };
  const node = host.node(url);
  const [tips, peers, pool] = await Promise.all([
    role === "bootnode" ? undefined : answered(node.getChainTips()),
    planned.p2pPort === undefined ? undefined : answered(node.getPeers()),
    role === "bootnode" ? undefined : answered(node.getPendingTxs(MOST_PENDING)),
  ]);
  return {
    ...running,
    readiness,
    ...(tips === undefined ? {} : { tips }),
    ...(peers === undefined ? {} : { peers: peers.length }),
    ...(pool === undefined ? {} : { pool: pool.length }),
  };
}

function ageOf(host: NetworkHost, { pid, atMs }: ProcessIdentity & { readonly atMs: number }) {
  return { pid, ageMs: Math.max(0, host.clock.nowMs() - atMs) };
}

async function answered<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch(() => undefined);
}

function problemsOf({ name, state, readiness, tips, role }: NodeStatus): string[] {
  if (state !== "running")
    return [`${name} does not run (${state}): \`network up\` starts it, \`network logs ${name}\` says why`];
  if (readiness === undefined) return [`${name} runs and does not answer: see \`network logs ${name}\``];
  if (!readiness.ready) return [`${name} is not ready: ${readiness.code}: ${readiness.reason}`];
  return tips === undefined && !["l1", "bootnode", "agent"].includes(role)
    ? [`${name} does not tell its chain's tips: see \`network logs ${name}\``]
    : [];
}

function tipsOf(nodes: readonly NodeStatus[]): Tips {
  return new Map(nodes.flatMap(({ name, tips }) => (tips === undefined ? [] : [[name, tips]])));
}

/** Tips of now; of a node that no longer tells them, none. */
async function withTips(host: NetworkHost, node: NodeStatus): Promise<NodeStatus> {
  const { tips: before, ...rest } = node;
  if (before === undefined || node.url === undefined) return node;
  const tips = await answered(host.node(node.url).getChainTips());
  return tips === undefined ? rest : { ...rest, tips };
}

function verdictOf(found: Omit<NetworkStatus, "verdict">): NetworkStatus {
  return { ...found, verdict: found.problems.length === 0 ? "ok" : "failed" };
}

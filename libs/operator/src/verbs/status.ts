import type { FeedState } from "@sprtn/feed";
import { isRecord } from "../host/json-http.js";
import type { OperatorHost } from "../host/operator-host.js";
import { type InstalledNode, requireInstalled } from "../installation/read-installation.js";
import type { Role } from "../installation/role.js";
import { isRunning, readRunRecord, type RunRecord, type RunState } from "../supervise/run-record.js";
import { type Duties, dutiesOf, type NextDuties, nextDuties, slotsToAsk } from "./duties.js";
import { readiness, type Readiness } from "./readiness.js";

/** The page's state that this program understands. */
const FEED_VERSION = 1;
const ASK_MS = 2_000;
/** The balance may be missing: nobody waits for a slow L1. */
const BALANCE_MS = 300;

/** A node as it is now. */
export interface NodeReport {
  readonly name: string;
  readonly role: Role;
  readonly directory: string;
  /** `unknown`: somebody else, as systemd, runs it or not. */
  readonly state: RunState | "unknown";
  readonly pid?: number | undefined;
  readonly restarts: number;
  readonly lastEnd?: RunRecord["lastEnd"];
  readonly rpcUrl?: string | undefined;
  /** Absent: nobody answers. */
  readonly readiness?: Readiness | undefined;
  readonly atMs: number;
  /** What its page shows; absent if it does not answer, or has no page. */
  readonly feed?: FeedState | undefined;
  /** Of a node that signs. */
  readonly duties?: Duties | undefined;
  readonly next?: NextDuties | undefined;
  /** Wei on L1; absent if L1 was not fast enough. */
  readonly balance?: bigint | undefined;
  /** What is wrong, each with what to do. */
  readonly problems: readonly string[];
  /** `down`: it does not run. */
  readonly verdict: "ok" | "failed" | "down";
}

/** @throws OperatorError NOT_INSTALLED, BAD_ENV_FILE, BAD_RECORD; HostError FILE_ACCESS */
export async function status(host: OperatorHost, directory: string): Promise<NodeReport> {
  const node = await requireInstalled(host.files, directory);
  const record = await readRunRecord(host.files, directory);
  const [alive, supervised] = await Promise.all([isRunning(host, record?.node), isRunning(host, record?.supervisor)]);
  const [ready, feed] = await Promise.all([
    node.rpcUrl === undefined ? undefined : readiness(host, node.rpcUrl),
    node.rpcUrl === undefined ? undefined : feedOf(host, node.rpcUrl),
  ]);
  const state = stateOf(record, { alive, supervised, answers: ready !== undefined });
  const signing = feed === undefined || feed.node.own === null ? undefined : { feed, own: feed.node.own };
  const atMs = host.clock.nowMs();
  const [next, balance] = await Promise.all([
    signing === undefined ? undefined : upcoming(host, node, { ...signing, atMs }),
    signing === undefined ? undefined : balanceOf(host, node, signing.own),
  ]);
  const report = {
    name: node.name,
    role: node.role,
    directory,
    state,
    pid: alive ? record?.node?.pid : undefined,
    restarts: record?.restarts ?? 0,
    lastEnd: record?.lastEnd,
    rpcUrl: node.rpcUrl,
    readiness: ready,
    atMs,
    feed,
    duties: signing === undefined ? undefined : dutiesOf(signing.feed, signing.own),
    next,
    balance,
  };
  const problems = problemsOf(report, { alive, supervised });
  const down = !alive && ready === undefined;
  return { ...report, problems, verdict: down ? "down" : problems.length === 0 ? "ok" : "failed" };
}

function stateOf(
  record: RunRecord | undefined,
  now: { readonly alive: boolean; readonly supervised: boolean; readonly answers: boolean },
): NodeReport["state"] {
  if (now.alive) return "running";
  if (now.answers || record === undefined) return "unknown";
  // Whoever was to note the end was killed, or the machine went down.
  if (record.state === "running" || (record.state === "waiting" && !now.supervised)) return "stopped";
  return record.state;
}

type Draft = Omit<NodeReport, "problems" | "verdict">;

function problemsOf(
  { state, readiness: ready, rpcUrl, lastEnd }: Draft,
  { alive, supervised }: { readonly alive: boolean; readonly supervised: boolean },
): string[] {
  if (!alive && ready === undefined) {
    if (lastEnd === undefined || state === "stopped") return ["it does not run: `sprtn start` starts it"];
    const how = lastEnd.signal === null ? `with code ${lastEnd.code}` : `by ${lastEnd.signal}`;
    const next = state === "waiting" ? "it is started again by itself" : "`sprtn start` starts it";
    return [`it ended ${how}: \`sprtn logs\` says why; ${next}`];
  }
  const problems: string[] = [];
  if (alive && !supervised)
    problems.push("its supervisor has ended, and nobody starts it again after a crash: `sprtn restart`");
  if (rpcUrl !== undefined && ready === undefined)
    problems.push(`it runs and does not answer at ${rpcUrl}: \`sprtn logs\``);
  if (ready?.ready === false) problems.push(`it is not ready: ${ready.code}: ${ready.reason}`);
  return problems;
}

async function feedOf(host: OperatorHost, rpcUrl: string): Promise<FeedState | undefined> {
  const answer = await host.get(`${rpcUrl}/ui/snapshot`, ASK_MS);
  // One of another version shows less than one of ours could be wrong about.
  if (answer?.status !== 200 || !isRecord(answer.body) || answer.body.v !== FEED_VERSION) return undefined;
  const { node, rules, tips, peers, pool, machine, slots, epochs } = answer.body;
  const isState = [node, rules, tips, peers, pool, machine].every(isRecord) && [slots, epochs].every(Array.isArray);
  return isState ? (answer.body as unknown as FeedState) : undefined;
}

async function upcoming(
  host: OperatorHost,
  { rpcUrl }: InstalledNode,
  signing: { readonly feed: FeedState; readonly own: string; readonly atMs: number },
): Promise<NextDuties | undefined> {
  const slots = slotsToAsk(signing);
  try {
    const calls = slots.map(slot => ({ method: "node_getProposer", params: [slot] }));
    const proposers = calls.length === 0 ? [] : await host.call(rpcUrl as string, calls, ASK_MS);
    return nextDuties(signing, slots, proposers);
  } catch {
    // It did answer a moment ago; without this the rest is still worth showing.
    return undefined;
  }
}

async function balanceOf(
  host: OperatorHost,
  { ethereumHosts }: InstalledNode,
  own: string,
): Promise<bigint | undefined> {
  const [url] = ethereumHosts;
  if (url === undefined) return undefined;
  try {
    const [answer] = await host.call(url, [{ method: "eth_getBalance", params: [own, "latest"] }], BALANCE_MS);
    return BigInt(answer as string);
  } catch {
    return undefined;
  }
}

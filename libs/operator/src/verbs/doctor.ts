import { harmless } from "@sprtn/host";
import { messageOf } from "@sprtn/primitives";
import { type Check, type CheckContext, fail, type Finding, skipped } from "../doctor/check.js";
import { fileChecks } from "../doctor/file-checks.js";
import { l1Checks } from "../doctor/l1-checks.js";
import { machineChecks } from "../doctor/machine-checks.js";
import { networkChecks } from "../doctor/network-checks.js";
import { portChecks } from "../doctor/port-checks.js";
import type { OperatorHost } from "../host/operator-host.js";
import { networkFacts } from "../installation/network-facts.js";
import { requireInstalled } from "../installation/read-installation.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import { isRunning, readRunRecord } from "../supervise/run-record.js";

const checks: readonly Check[] = [...machineChecks, ...fileChecks, ...portChecks, ...l1Checks, ...networkChecks];

/** The names of all checks. */
export const checkNames: readonly string[] = checks.map(({ name }) => name);

/** Which node is examined, and for what. */
export interface DoctorOptions extends Pick<CheckContext, "version" | "checkSettings"> {
  readonly directory: string;
  /** All, if there are none. */
  readonly only: readonly string[];
}

/** What was found, in the order of the checks. */
export interface DoctorReport {
  readonly name: string;
  readonly version: string;
  readonly findings: readonly (Finding & { readonly check: string })[];
  readonly tookMs: number;
  readonly verdict: "ok" | "failed";
}

/**
 * Examines a node and what it needs.
 * @throws OperatorError USAGE, NOT_INSTALLED, BAD_ENV_FILE, BAD_RECORD; HostError FILE_ACCESS
 */
export async function doctor(host: OperatorHost, options: DoctorOptions): Promise<DoctorReport> {
  const { directory, only, version, checkSettings } = options;
  const unknown = only.filter(name => !checkNames.includes(name));
  if (unknown.length > 0)
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      `there is no check ${unknown.join(", ")}: give some of ${checkNames.join(", ")}`,
      { names: unknown },
    );
  const fromMs = host.clock.steadyMs();
  const node = await requireInstalled(host.files, directory);
  const running = await isRunning(host, (await readRunRecord(host.files, directory))?.node);
  let asked: ReturnType<CheckContext["network"]> | undefined;
  const url = node.variables.get("BOOTNODE_URL") ?? (running ? node.rpcUrl : undefined);
  const network = () => (asked ??= url === undefined ? Promise.reject(nobodyToAsk()) : networkFacts(host, url));
  const context: CheckContext = { host, node, running, version, checkSettings, network };
  const chosen = only.length === 0 ? checks : checks.filter(({ name }) => only.includes(name));
  const findings = await Promise.all(
    chosen.map(async check => ({
      check: check.name,
      ...(await check.run(context).catch((error: unknown) => findingOf(check, error))),
    })),
  );
  return {
    name: node.name,
    version,
    findings,
    tookMs: host.clock.steadyMs() - fromMs,
    verdict: findings.some(({ state }) => state === "fail") ? "failed" : "ok",
  };
}

/** A report for people: a line a check, without those that the node has no need of. */
export function doctorText({ findings, tookMs }: DoctorReport): string {
  const shown = findings.filter(({ state }) => state !== "skipped");
  const width = Math.max(0, ...shown.map(({ check }) => check.length));
  const lines = shown.map(
    ({ state, check, text }) =>
      `${(state === "fail" ? "FAIL" : state).padEnd(4)}  ${check.padEnd(width)}  ${text.replaceAll("\n", " ")}`,
  );
  const count = (state: Finding["state"]) => findings.filter(each => each.state === state).length;
  const sum =
    `${shown.length} checks: ${count("ok")} ok, ${count("warn")} warn, ${count("fail")} FAIL · ` +
    `${(tookMs / 1000).toFixed(1)} s`;
  // What others say of themselves drives no terminal.
  return `${[...lines, sum].map(harmless).join("\n")}\n`;
}

function findingOf({ tellsUnreachable }: Check, error: unknown): Finding {
  const unreachable = error instanceof OperatorError && error.code === OperatorErrorCode.UNREACHABLE;
  return unreachable && tellsUnreachable === undefined
    ? skipped("what it would ask does not answer")
    : fail(messageOf(error));
}

function nobodyToAsk(): OperatorError {
  return new OperatorError(
    OperatorErrorCode.UNREACHABLE,
    "nobody tells the network's contracts: start the node, or give BOOTNODE_URL (sprtn config --bootnode-url URL)",
  );
}

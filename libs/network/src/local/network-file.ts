import { join } from "node:path";
import type { HostFiles, ProcessIdentity } from "@sprtn/host";
import { presets, type PresetName } from "@sprtn/deployment";
import { messageOf, Seconds } from "@sprtn/primitives";
import { z } from "zod";
import { NetworkError, NetworkErrorCode } from "../network-error.js";
import { clusters, provingModes } from "../plan/network-parameters.js";
import type { NetworkPlan } from "../plan/network-plan.js";

/** Changes with every change of the file after which older programs cannot read it, or newer ones an older file. */
const VERSION = 1;

/** A network's plan, and its processes as they were started last. */
export interface NetworkRecord {
  readonly plan: NetworkPlan;
  readonly processes: Readonly<Record<string, ProcessRecord>>;
}

/** A process, and when it was started, ms since 1970. */
export interface ProcessRecord extends ProcessIdentity {
  readonly atMs: number;
}

/** The plan and state of the network in `directory`. */
export const recordPath = (directory: string): string => join(directory, "network.json");

/** Held by the command that changes the network in `directory`. */
export const lockPath = (directory: string): string => join(directory, "network.lock");

const whole = z.int().min(0);
const port = z.int().min(1).max(65_535);
const texts = z.record(z.string(), z.string());
const processSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  role: z.enum(["l1", "deploy", "bootnode", "prover", "agent", "validator", "dense", "control", "pxe"]),
  program: z.enum(["l1", "deployer", "node", "prover-agent"]),
  args: z.array(z.string()),
  environment: texts,
  secrets: z.array(z.enum(["MNEMONIC", "PROVER_BROKER_TOKEN"])),
  port: z.optional(port),
  p2pPort: z.optional(port),
  account: z.optional(whole),
  validators: z.optional(z.strictObject({ first: whole, count: whole })),
  memoryBytes: z.number(),
  minPeers: whole,
});
const parametersSchema = z.strictObject({
  preset: z.enum(Object.keys(presets) as [PresetName, ...PresetName[]]),
  sequencers: whole,
  provers: whole,
  pxes: whole,
  slotDuration: whole.transform(Seconds),
  epochDuration: whole,
  committeeSize: whole,
  p2p: z.boolean(),
  proving: z.enum(provingModes),
  fees: z.boolean(),
  cluster: z.enum(clusters),
  agents: whole,
  portOffset: whole,
});
const recordSchema = z.strictObject({
  version: z.literal(VERSION),
  plan: z.strictObject({
    parameters: parametersSchema,
    processes: z.array(processSchema),
    waves: z.array(z.array(z.string())),
    accounts: whole,
  }),
  processes: z.record(
    z.string(),
    z.strictObject({ pid: z.int().min(2), started: z.string(), boot: z.string(), atMs: z.number() }),
  ),
});

/** `undefined` when there is none. @throws BAD_FILE; HostError FILE_ACCESS */
export async function readRecord(files: HostFiles, directory: string): Promise<NetworkRecord | undefined> {
  const path = recordPath(directory);
  const text = await files.read(path);
  return text === undefined ? undefined : decodeRecord(path, text);
}

/** @throws HostError FILE_ACCESS */
export async function writeRecord(files: HostFiles, directory: string, record: NetworkRecord): Promise<void> {
  await files.replace(recordPath(directory), `${JSON.stringify({ version: VERSION, ...record }, null, 2)}\n`);
}

/** @throws BAD_FILE */
function decodeRecord(path: string, text: string): NetworkRecord {
  const bad = (what: string, cause?: unknown) =>
    new NetworkError(
      NetworkErrorCode.BAD_FILE,
      `${path} ${what}: put back the file as \`network up\` wrote it, or end the network's processes yourself, ` +
        "delete the directory, and start anew",
      { path },
      { cause },
    );
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw bad(`is damaged (${messageOf(cause)})`, cause);
  }
  const version: unknown =
    typeof content === "object" && content !== null && "version" in content ? content.version : 0;
  if (version !== VERSION) throw bad(`is of version ${JSON.stringify(version)}, and this program reads ${VERSION}`);
  const result = recordSchema.safeParse(content);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw bad(`is damaged (${issue?.path.join(".")}: ${issue?.message})`, result.error);
  }
  const { plan, processes } = result.data;
  const names = new Set(plan.processes.map(({ name }) => name));
  const inWaves = plan.waves.flat();
  const unknown = [...inWaves, ...Object.keys(processes)].find(name => !names.has(name));
  if (unknown !== undefined) throw bad(`is damaged (it names ${JSON.stringify(unknown)}, which is no process of it)`);
  // What is in no wave would be neither started nor ended.
  if (names.size !== plan.processes.length || names.size !== inWaves.length || new Set(inWaves).size !== names.size)
    throw bad("is damaged (not each of its processes is in it and in its waves once)");
  const portless = plan.processes.find(each => each.role !== "deploy" && each.port === undefined);
  if (portless !== undefined) throw bad(`is damaged (${portless.name} has no port)`);
  return { plan, processes };
}

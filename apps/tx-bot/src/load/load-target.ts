import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DEVNET_MNEMONIC } from "@sprtn/l1-client/devnet";
import { type NetworkHost, type NetworkRecord, requireRecord, workspaceHost } from "@sprtn/network";

/** A node as reports name it. */
interface NamedUrl {
  readonly name: string;
  readonly url: string;
}

/** A network of `deployer network up`, as far as a load test needs it. */
export interface LoadTarget {
  readonly host: NetworkHost;
  readonly directory: string;
  readonly record: NetworkRecord;
  readonly senders: readonly NamedUrl[];
  readonly watched: readonly NamedUrl[];
  readonly l1Url: string;
  /** The account that networks leave to whoever uses them. */
  readonly payer: { readonly mnemonic: string; readonly index: number };
}

/** Account 2 of a network is nobody's. */
const PAYER = 2;
/** The folder of built apps. */
export const apps = fileURLToPath(new URL("../../../", import.meta.url));

/** The network in `dir`. @throws NetworkError NOT_A_NETWORK, BAD_FILE, FILE_ACCESS, UNSUPPORTED */
export async function openTarget(dir: string): Promise<LoadTarget> {
  const directory = resolve(dir);
  const host = workspaceHost(directory, { apps, environment: process.env });
  const record = await requireRecord(host, directory);
  const { processes } = record.plan;
  const urlOf = (port: number | undefined) => `http://127.0.0.1:${port}`;
  const named = (...roles: readonly string[]): NamedUrl[] =>
    processes.filter(({ role }) => roles.includes(role)).map(({ name, port }) => ({ name, url: urlOf(port) }));
  return {
    host,
    directory,
    record,
    senders: named("validator", "dense", "control"),
    watched: named("prover"),
    l1Url: urlOf(processes.find(({ role }) => role === "l1")?.port),
    payer: { mnemonic: DEVNET_MNEMONIC, index: PAYER },
  };
}

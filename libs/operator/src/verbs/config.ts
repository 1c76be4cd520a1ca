import { join } from "node:path";
import { isRunning, readRunRecord } from "../supervise/run-record.js";
import { composeText } from "../installation/compose-text.js";
import { envText } from "../installation/env-text.js";
import { envVariables, isLoopback } from "../installation/env-variables.js";
import type { Installation } from "../installation/installation.js";
import { assertKeyUnused } from "../installation/key-in-use.js";
import { assertL1 } from "../installation/l1-facts.js";
import { networkFacts, type NetworkFacts } from "../installation/network-facts.js";
import { openKey } from "../installation/private-key.js";
import { envPath } from "../installation/read-installation.js";
import { traitsOf } from "../installation/role.js";
import { type InstalledPrograms, unitText } from "../installation/unit-text.js";
import type { OperatorHost } from "../host/operator-host.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

/** What somebody wants to set up, and what has to be known for it. */
export interface ConfigOptions {
  readonly installation: Installation;
  readonly programs: InstalledPrograms;
  /** Throws what is wrong with settings that the node would be started with. */
  readonly checkSettings: (env: { readonly name: string; readonly text: string }) => void;
  /** Only says what would be written. */
  readonly print: boolean;
}

/** A file of an installation. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** What an installation consists of, and what was written of it. */
export interface ConfigResult {
  readonly files: readonly ConfigFile[];
  /** Paths of those that changed. */
  readonly written: readonly string[];
  /** Of the L1 key, if there is one. */
  readonly address?: string | undefined;
  readonly network?: NetworkFacts | undefined;
}

/**
 * Writes an installation's files, the earlier ones to `.bak`. Nothing is written unless its ports are free, its network
 * and L1 answer and belong together, its key opens and is no other installation's, and the node takes its settings.
 * @throws OperatorError; SettingsError; HostError FILE_ACCESS
 */
export async function config(host: OperatorHost, options: ConfigOptions): Promise<ConfigResult> {
  const { installation, programs, checkSettings, print } = options;
  const { directory } = installation;
  assertComplete(installation);
  const address = await checkKey(host, installation);
  await assertPortsFree(host, installation);
  const network = await checkNetwork(host, installation);
  const whole: Installation =
    installation.role === "prover-node" && installation.brokerToken === undefined
      ? { ...installation, brokerToken: host.newSecret() }
      : installation;
  const known = network === undefined ? whole : { ...whole, l1ChainId: network.l1ChainId };
  const before = await host.files.read(envPath(directory));
  const env = envText(envVariables(known), before);
  checkSettings({ name: envPath(directory), text: env });
  // The file that makes it an installation comes last.
  const files = [
    { path: join(directory, "docker-compose.yml"), text: composeText(known) },
    { path: join(directory, "sprtn.service"), text: unitText(known, programs) },
    { path: envPath(directory), text: env },
  ];
  const written = print ? [] : await write(host, directory, files);
  return { files, written, address, network };
}

/** @throws USAGE, with all that is missing */
function assertComplete({ role, bootnodeUrl, deploymentFile, privateKey, brokerUrl, name }: Installation): void {
  const { keyName, program } = traitsOf(role);
  const missing = [
    ...(program === "node" && bootnodeUrl === undefined && deploymentFile === undefined
      ? ["--bootnode-url (the RPC URL of any node of the network)"]
      : []),
    ...(keyName !== undefined && privateKey === undefined ? ["--key-file (a file with its L1 key)"] : []),
    ...(program === "prover-agent" && brokerUrl === undefined
      ? ["--prover-broker-host (the RPC URL of its prover node)"]
      : []),
  ];
  if (missing.length > 0)
    throw new OperatorError(OperatorErrorCode.USAGE, `a ${role} needs ${missing.join(" and ")}`, { names: missing });
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      `${JSON.stringify(name)} cannot be a node's name: give --name at most 40 small letters, digits and hyphens`,
    );
}

async function checkKey(host: OperatorHost, { directory, privateKey }: Installation): Promise<string | undefined> {
  if (privateKey === undefined) return undefined;
  const { address } = await openKey(privateKey, undefined);
  await assertKeyUnused(host, directory, privateKey);
  return address;
}

async function assertPortsFree(host: OperatorHost, installation: Installation): Promise<void> {
  const { role, rpcPort, p2pPort, directory, ip } = installation;
  if (!traitsOf(role).listens) return;
  // Set up anew while it runs, it has its own ports.
  const record = await readRunRecord(host.files, directory);
  if (record?.node !== undefined && (await isRunning(host, record.node))) return;
  const address = ip !== undefined && isLoopback(ip) ? ip : "0.0.0.0";
  const taken = [
    ...((await host.isPortTaken(rpcPort, "127.0.0.1")) ? [`TCP ${rpcPort} (-p chooses another)`] : []),
    ...((await host.isPortTaken(p2pPort, address)) ? [`TCP ${p2pPort} (-p2p chooses another)`] : []),
    ...((await host.isUdpPortTaken(p2pPort, address)) ? [`UDP ${p2pPort} (-p2p chooses another)`] : []),
  ];
  if (rpcPort === p2pPort) taken.push(`${rpcPort}, which is to be RPC's and gossip's (-p and -p2p must differ)`);
  if (taken.length > 0)
    throw new OperatorError(OperatorErrorCode.PORT_TAKEN, `a port is in use already: ${taken.join(", ")}`, {
      names: taken,
    });
}

async function checkNetwork(host: OperatorHost, installation: Installation): Promise<NetworkFacts | undefined> {
  const { role, bootnodeUrl, ethereumHosts } = installation;
  if (traitsOf(role).program !== "node" || bootnodeUrl === undefined) return undefined;
  const facts = await networkFacts(host, bootnodeUrl);
  if (traitsOf(role).l1) for (const url of ethereumHosts) await assertL1(host, url, facts);
  return facts;
}

async function write(
  { files }: OperatorHost,
  directory: string,
  rendered: readonly ConfigFile[],
): Promise<readonly string[]> {
  await files.makeFolder(directory);
  const written: string[] = [];
  for (const { path, text } of rendered) {
    const before = await files.read(path);
    if (before === text) continue;
    if (before !== undefined) await files.replace(`${path}.bak`, before);
    await files.replace(path, text);
    written.push(path);
  }
  return written;
}

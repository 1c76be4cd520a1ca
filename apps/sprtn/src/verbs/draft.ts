import { readFile } from "node:fs/promises";
import type { configSettings } from "@sprtn/operator/settings";
import {
  type Installation,
  openKey,
  OperatorError,
  OperatorErrorCode,
  type OpenedKey,
  type Role,
  traitsOf,
  VOLUME,
} from "@sprtn/operator";
import { messageOf } from "@sprtn/primitives";
import type { SettingsOf } from "@sprtn/settings";

/** What `sprtn config` was given. */
export type GivenConfig = SettingsOf<typeof configSettings>;

/** What is there before anything is given. */
export interface Earlier {
  readonly directory: string;
  /** Variables of the directory's `.env`. */
  readonly variables: ReadonlyMap<string, string>;
  /** `NAME=value` words. */
  readonly set: readonly string[];
  /** A key that was asked for. */
  readonly key?: OpenedKey | undefined;
}

const DEFAULT = { rpcPort: 8080, p2pPort: 40_400, ethereumHost: "http://127.0.0.1:8545" };

/** The installation that was asked for: what is not given stays as it is, or is the default. @throws OperatorError */
export async function draftOf(given: GivenConfig & { readonly role: Role }, earlier: Earlier): Promise<Installation> {
  const { role, ethereumHosts, passwordFile, keyFile, brokerTokenFile } = given;
  const { variables, directory } = earlier;
  const { keyName, l1, program } = traitsOf(role);
  const mode = given.mode ?? (variables.get("SPRTN_MODE") === "docker" ? "docker" : "native");
  const key =
    keyName === undefined
      ? undefined
      : (earlier.key?.privateKey ??
        (keyFile === undefined
          ? variables.get(keyName)?.toLowerCase()
          : (await keyIn(keyFile, passwordFile)).privateKey));
  const token = brokerTokenFile === undefined ? variables.get("PROVER_BROKER_TOKEN") : await textIn(brokerTokenFile);
  return {
    directory,
    name: given.name ?? role,
    role,
    mode,
    rpcPort: given.rpcPort ?? DEFAULT.rpcPort,
    p2pPort: given.p2pPort ?? portOf(variables.get("P2P_TCP_LISTEN_ADDR")) ?? DEFAULT.p2pPort,
    ip: given.ip ?? ipIn(variables),
    ethereumHosts: l1 ? (ethereumHosts ?? [DEFAULT.ethereumHost]) : [],
    bootnodeUrl: program === "node" ? given.bootnodeUrl : undefined,
    deploymentFile: program === "node" ? given.deploymentFile : undefined,
    privateKey: key,
    peerKey: given.peerKey?.reveal(),
    data: dataOf(given.data, mode),
    brokerUrl: program === "prover-agent" ? given.brokerUrl : undefined,
    brokerToken: role === "prover-node" || role === "prover-agent" ? token : undefined,
    further: Object.fromEntries(earlier.set.map(pairOf)),
  };
}

/** The key in a file. @throws OperatorError BAD_KEY, USAGE */
export async function keyIn(file: string, passwordFile: string | undefined): Promise<OpenedKey> {
  return openKey(await textIn(file), passwordFile === undefined ? undefined : await textIn(passwordFile));
}

/** The text of a file. @throws OperatorError USAGE */
export async function textIn(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      `${file} cannot be read (${messageOf(cause)}): give a file that this user can read`,
      { path: file },
      { cause },
    );
  }
}

function dataOf(data: string | undefined, mode: Installation["mode"]): string {
  if (mode === "docker") return data === undefined || data === "data" || data === "/data" ? VOLUME : data;
  return data === undefined || data === "/data" || data === VOLUME ? "data" : data;
}

function portOf(address: string | undefined): number | undefined {
  const port = /:(\d{1,5})$/.exec(address ?? "")?.[1];
  return port === undefined ? undefined : Number(port);
}

function ipIn(variables: ReadonlyMap<string, string>): string | undefined {
  if (variables.get("P2P_QUERY_FOR_IP") === "true") return "auto";
  const host = variables.get("P2P_TCP_ANNOUNCE_ADDR")?.replace(/:\d+$/, "");
  return host === "" ? undefined : host;
}

function pairOf(word: string): readonly [string, string] {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word);
  if (match === null)
    throw new OperatorError(
      OperatorErrorCode.USAGE,
      `--set ${JSON.stringify(word.split("=")[0])} is not NAME=value: give a setting of the node by its environment ` +
        "name, as in --set LOG_LEVEL=debug",
    );
  return [match[1] as string, match[2] as string];
}

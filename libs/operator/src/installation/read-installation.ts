import { isAbsolute, join } from "node:path";
import type { HostFiles } from "@sprtn/host";
import { parseEnvFile } from "@sprtn/settings";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";
import { CONTAINER_DATA } from "./env-variables.js";
import { type Mode, modes, type Role, roles, traitsOf } from "./role.js";

/** What is known of an installation from its `.env`, which its operator may have changed. */
export interface InstalledNode {
  readonly directory: string;
  readonly role: Role;
  readonly mode: Mode;
  readonly name: string;
  /** As the file has them. */
  readonly variables: ReadonlyMap<string, string>;
  /** Of JSON-RPC on this machine; absent: it has none. */
  readonly rpcUrl?: string | undefined;
  readonly ethereumHosts: readonly string[];
  /** Where its data is on this machine; absent for a named volume. */
  readonly dataDirectory?: string | undefined;
}

/** Of what belongs to an installation. */
export const envPath = (directory: string): string => join(directory, ".env");

/** The variables of a folder's `.env`; `undefined` without one. @throws OperatorError BAD_ENV_FILE; HostError */
export async function readVariables(
  files: Pick<HostFiles, "read">,
  directory: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const path = envPath(directory);
  const text = await files.read(path);
  if (text === undefined) return undefined;
  const { values, problems } = parseEnvFile(path, text);
  if (problems.length > 0)
    throw new OperatorError(OperatorErrorCode.BAD_ENV_FILE, problems.map(problem => problem.text).join("\n"), { path });
  return values;
}

/** The installation in a folder. @throws OperatorError NOT_INSTALLED, BAD_ENV_FILE; HostError */
export async function requireInstalled(files: Pick<HostFiles, "read">, directory: string): Promise<InstalledNode> {
  const variables = await readVariables(files, directory);
  const role = roles.find(each => each === variables?.get("SPRTN_ROLE"));
  if (variables === undefined || role === undefined)
    throw new OperatorError(
      OperatorErrorCode.NOT_INSTALLED,
      `there is no node in ${directory} (${envPath(".")} is missing or names no SPRTN_ROLE): set one up with ` +
        "`sprtn config`, or give its folder with --dir",
      { path: directory },
    );
  return installedFrom(directory, variables, role);
}

function installedFrom(directory: string, variables: ReadonlyMap<string, string>, role: Role): InstalledNode {
  const { program, listens } = traitsOf(role);
  const name = variables.get(program === "node" ? "NODE_NAME" : "PROVER_AGENT_NAME");
  const data = variables.get("DATA_DIRECTORY");
  const mode = modes.find(each => each === variables.get("SPRTN_MODE")) ?? "native";
  const listed = (variables.get("ETHEREUM_HOST") ?? variables.get("ETHEREUM_HOSTS") ?? "").split(",");
  return {
    directory,
    role,
    mode,
    name: name ?? role,
    variables,
    ...(listens ? { rpcUrl: `http://127.0.0.1:${variables.get("AZTEC_PORT") ?? "8080"}` } : {}),
    ethereumHosts: listed.map(url => url.trim()).filter(url => url !== ""),
    ...(data === undefined || data === CONTAINER_DATA
      ? {}
      : { dataDirectory: isAbsolute(data) ? data : join(directory, data) }),
  };
}

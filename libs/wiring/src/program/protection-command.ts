import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { counted, messageOf } from "@sprtn/primitives";
import { wantsHelp } from "@sprtn/settings";
import { openDatabase, openStore } from "@sprtn/storage";
import type { StorageSettings } from "@sprtn/storage/settings";
import { exportProtection, importProtection, type ProtectionInterchange, SlashingProtection } from "@sprtn/validator";
import { deploymentId, Prefix, SCHEMA_VERSION } from "../assemble/stores.js";
import { loadDeployment } from "../load-deployment.js";
import type { ProcessSettings } from "../settings.js";
import { WiringError, WiringErrorCode } from "../wiring-error.js";

const COMMAND = "slashing-protection";
/** The node's store that holds the record. */
const STORE = "validator";

/** What is to be done with the record of what the node's keys have signed, and the file that it moves by. */
export interface ProtectionCommand {
  readonly verb: "export" | "import";
  readonly file: string;
}

/** Of a node's settings, those that say where its record is and of which deployment. */
export interface ProtectionSettings {
  readonly process: Pick<ProcessSettings, "deploymentFile" | "bootnodeUrl">;
  readonly storage: StorageSettings;
}

const help = `slashing-protection export FILE --data-directory DIRECTORY --deployment-file FILE
slashing-protection import FILE --data-directory DIRECTORY --deployment-file FILE

export writes what this node's keys have signed to FILE, which must not exist yet; import takes over the record of
another node from FILE, which is modelled on EIP-3076. The node must be stopped. After an export, do not start the old
node with these keys again.

--data-directory  [DATA_DIRECTORY]   The node's data directory.
--deployment-file [DEPLOYMENT_FILE]  The network's deployment file; instead of it, --bootnode-url [BOOTNODE_URL] takes
                                     the RPC URL of a running node of the network.

All other settings of the node are accepted and have no effect here.`;

/** What the command is asked to say about itself with --help; `undefined` for arguments that ask for something else. */
export function protectionHelpOf(args: readonly string[]): string | undefined {
  const [name, ...rest] = args;
  return name === COMMAND && (rest[0] === "help" || wantsHelp(rest)) ? help : undefined;
}

/**
 * The command in front of a node's settings, and those; `undefined` for arguments that begin with something else.
 * @throws WiringError PROTECTION_COMMAND
 */
export function protectionCommandOf(
  args: readonly string[],
): { readonly command: ProtectionCommand; readonly rest: readonly string[] } | undefined {
  const [name, verb, file, ...rest] = args;
  if (name !== COMMAND) return undefined;
  if ((verb !== "export" && verb !== "import") || file === undefined || file.startsWith("-"))
    throw new WiringError(
      WiringErrorCode.PROTECTION_COMMAND,
      `the command is incomplete: give ${COMMAND} export FILE, or ${COMMAND} import FILE, followed by the node's ` +
        "settings",
    );
  return { command: { verb, file }, rest };
}

/**
 * Writes the record of a stopped node to a file that must not exist yet, or takes one over. Resolves with what was
 * done, for people.
 * @throws WiringError NO_DATA_DIRECTORY, PROTECTION_FILE, NO_DEPLOYMENT; StorageError LOCKED while the node runs, and
 *   OTHER_DEPLOYMENT; ValidatorError PROTECTION_FOREIGN, PROTECTION_CORRUPT
 */
export async function runProtectionCommand(
  { verb, file }: ProtectionCommand,
  { process, storage }: ProtectionSettings,
): Promise<string> {
  const { dataDirectory } = storage;
  if (dataDirectory === undefined || (verb === "export" && !existsSync(join(dataDirectory, STORE))))
    throw new WiringError(
      WiringErrorCode.NO_DATA_DIRECTORY,
      `there is no slashing protection record in ${dataDirectory ?? "memory"}: give the node's DATA_DIRECTORY`,
    );
  const { deployment } = await loadDeployment(process);
  const domain = { chainId: deployment.chainId, rollup: deployment.contracts.rollup };
  const store = await openStore(storage, STORE);
  try {
    await openDatabase({ store, schemaVersion: SCHEMA_VERSION, deployment: deploymentId(deployment) });
    const protection = new SlashingProtection({ store }, { prefix: Uint8Array.of(Prefix.VALIDATOR) });
    if (verb === "export") {
      const exported = await exportProtection(protection, domain);
      await fileWork(file, () =>
        writeFile(file, `${JSON.stringify(exported, null, 2)}\n`, { flag: "wx", mode: 0o600 }),
      );
      const keys = exported.data.length;
      return (
        `exported the signing history of ${counted(keys, "key")} to ${file}: do not start this node with ` +
        `${keys === 1 ? "this key" : "these keys"} again`
      );
    }
    const imported = await fileWork(
      file,
      async () => JSON.parse(await readFile(file, "utf8")) as ProtectionInterchange,
    );
    await importProtection(protection, domain, imported);
    return `imported the signing history of ${counted(imported.data.length, "key")} from ${file}`;
  } finally {
    await store.close();
  }
}

async function fileWork<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const advice =
      (error as NodeJS.ErrnoException).code === "EEXIST"
        ? "it already exists: give another name"
        : `${messageOf(error)}: give a JSON file that can be read or written`;
    throw new WiringError(WiringErrorCode.PROTECTION_FILE, `${file}: ${advice}`, { file }, { cause: error });
  }
}

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { counted, messageOf } from "@sprtn/primitives";
import type { KvStore } from "@sprtn/ports";
import type { Deployment, SigningDomain } from "@sprtn/protocol";
import { wantsHelp } from "@sprtn/settings";
import { MemoryKvStore, openDatabase, openStore } from "@sprtn/storage";
import type { StorageSettings } from "@sprtn/storage/settings";
import {
  exportProtection,
  importProtection,
  type ProtectionInterchange,
  SlashingProtection,
  ValidatorError,
  ValidatorErrorCode,
} from "@sprtn/validator";
import { deploymentId, Prefix, SCHEMA_VERSION } from "../assemble/stores.js";
import { loadDeployment } from "../load-deployment.js";
import { RecordStore, requireRecordPlace } from "../record-place.js";
import type { ProcessSettings } from "../settings.js";
import { WiringError, WiringErrorCode } from "../wiring-error.js";

const COMMAND = "slashing-protection";

/** The version of the file that exportProtection writes. */
const FORMAT: ProtectionInterchange["metadata"]["interchange_format_version"] = "1";

/**
 * The file names the deployment's version too: on a new development chain, contracts get the addresses of those of the
 * old one. A file without it, from an older release, is judged by chain and address alone.
 */
type VersionedExport = ProtectionInterchange & { readonly metadata: { readonly rollup_version?: string } };

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
 * @throws WiringError NO_DATA_DIRECTORY, OTHER_RECORD, PROTECTION_FILE, NO_DEPLOYMENT; StorageError LOCKED while the
 *   node runs, and OTHER_DEPLOYMENT; ValidatorError PROTECTION_FOREIGN, PROTECTION_CORRUPT
 */
export async function runProtectionCommand(
  { verb, file }: ProtectionCommand,
  { process, storage }: ProtectionSettings,
): Promise<string> {
  const { dataDirectory } = storage;
  requireRecordPlace(storage, RecordStore.NODE);
  if (dataDirectory === undefined || (verb === "export" && !existsSync(join(dataDirectory, RecordStore.NODE))))
    throw new WiringError(
      WiringErrorCode.NO_DATA_DIRECTORY,
      `there is no slashing protection record in ${dataDirectory ?? "memory"}: give the node's DATA_DIRECTORY`,
    );
  const { deployment } = await loadDeployment(process);
  // Before the store: a refused import must leave no data directory behind that belongs to a deployment.
  const imported = verb === "import" ? await readExport(file, deployment) : undefined;
  const store = await openStore(storage, RecordStore.NODE);
  try {
    await openDatabase({ store, schemaVersion: SCHEMA_VERSION, deployment: deploymentId(deployment) });
    const protection = protectionIn(store);
    const directory = join(dataDirectory, RecordStore.NODE);
    if (imported !== undefined) {
      await importProtection(protection, domainOf(deployment), imported);
      return `imported the signing history of ${counted(imported.data.length, "key")} from ${file} into ${directory}`;
    }
    const exported = await exportProtection(protection, domainOf(deployment));
    const keys = exported.data.length;
    if (keys === 0)
      throw new WiringError(
        WiringErrorCode.NO_DATA_DIRECTORY,
        `no key has signed anything by the record in ${directory}: give the DATA_DIRECTORY of the node that has the ` +
          "validator's key",
      );
    const written: VersionedExport = {
      ...exported,
      metadata: { ...exported.metadata, rollup_version: String(deployment.rollupVersion) },
    };
    await fileWork(file, () => writeFile(file, `${JSON.stringify(written, null, 2)}\n`, { flag: "wx", mode: 0o600 }));
    return (
      `exported the signing history of ${counted(keys, "key")} to ${file}: do not start this node with ` +
      `${keys === 1 ? "this key" : "these keys"} again`
    );
  } finally {
    await store.close();
  }
}

const protectionIn = (store: KvStore) => new SlashingProtection({ store }, { prefix: Uint8Array.of(Prefix.VALIDATOR) });

const domainOf = ({ chainId, contracts }: Deployment): SigningDomain => ({ chainId, rollup: contracts.rollup });

/**
 * An export of the record of a node of `deployment`, every part of it checked.
 * @throws WiringError PROTECTION_FILE; ValidatorError PROTECTION_FOREIGN, PROTECTION_CORRUPT
 */
async function readExport(file: string, deployment: Deployment): Promise<ProtectionInterchange> {
  const read = await fileWork(file, async () => JSON.parse(await readFile(file, "utf8")) as VersionedExport);
  // Nothing of the file is known before it is checked.
  const { interchange_format_version: format, rollup_version: version }: Record<string, unknown> = read?.metadata ?? {};
  if (typeof format === "string" && format !== FORMAT)
    throw refused(
      file,
      `its format is version ${format.slice(0, 10)}, but this program reads ${FORMAT}: export it again with this ` +
        "program's version",
    );
  await importProtection(protectionIn(new MemoryKvStore()), domainOf(deployment), read);
  if (version !== undefined && version !== String(deployment.rollupVersion))
    throw new ValidatorError(
      ValidatorErrorCode.PROTECTION_FOREIGN,
      "the history belongs to another deployment, which had the same address: import one of this deployment",
    );
  if (read.data.length === 0)
    throw refused(file, "it holds the history of no key: export it again, with the old validator's DATA_DIRECTORY");
  return read;
}

function refused(file: string, advice: string, cause?: unknown): WiringError {
  return new WiringError(WiringErrorCode.PROTECTION_FILE, `${file}: ${advice}`, { file }, { cause });
}

async function fileWork<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const advice =
      (error as NodeJS.ErrnoException).code === "EEXIST"
        ? "it already exists: give another name"
        : `${messageOf(error)}: give a JSON file that can be read or written`;
    throw refused(file, advice, error);
  }
}

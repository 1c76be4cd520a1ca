import { join } from "node:path";
import { Bytes32 } from "@sprtn/primitives";
import { isRecord } from "../host/json-http.js";
import type { OperatorHost } from "../host/operator-host.js";
import { openKey } from "../installation/private-key.js";
import { readVariables } from "../installation/read-installation.js";
import { OperatorError, OperatorErrorCode } from "../operator-error.js";

/** Keys of a folder that are looked at. */
const MOST_KEYS = 1_000;

/** A key file of an installation. */
export interface KeptKey {
  readonly address: string;
  readonly path: string;
  readonly encrypted: boolean;
  /** Whether `.env` has it. */
  readonly used: boolean;
}

const folderOf = (directory: string) => join(directory, "keys");

/**
 * Makes a key, and keeps it in a file of its own: with a password as a Web3 keystore, without one as 64 hex digits.
 * @throws HostError FILE_ACCESS
 */
export async function newKey(
  host: OperatorHost,
  options: { readonly directory: string; readonly password?: string | undefined },
): Promise<KeptKey> {
  const { privateKey } = await openKey(host.newSecret(), undefined);
  return keep(host, { ...options, privateKey });
}

/**
 * Keeps a key that is there already.
 * @throws OperatorError BAD_KEY; USAGE if it is kept already; HostError FILE_ACCESS
 */
export async function importKey(
  host: OperatorHost,
  options: {
    readonly directory: string;
    readonly text: string;
    /** Of `text`, if it is encrypted. The copy is encrypted with it as well. */
    readonly password?: string | undefined;
  },
): Promise<KeptKey> {
  const { privateKey } = await openKey(options.text, options.password);
  return keep(host, { ...options, privateKey });
}

/** Every key file of an installation; what is none is passed over. @throws OperatorError BAD_ENV_FILE; HostError */
export async function listKeys(host: OperatorHost, directory: string): Promise<readonly KeptKey[]> {
  const names = (await host.files.list(folderOf(directory))) ?? [];
  const variables = (await readVariables(host.files, directory)) ?? new Map<string, string>();
  const used = await usedAddresses(variables);
  const keys: KeptKey[] = [];
  for (const name of names.toSorted().slice(0, MOST_KEYS)) {
    const path = join(folderOf(directory), name);
    const found = await describe((await host.files.read(path).catch(() => undefined)) ?? "");
    if (found !== undefined) keys.push({ ...found, path, used: used.has(found.address) });
  }
  return keys;
}

async function keep(
  host: OperatorHost,
  options: { readonly directory: string; readonly privateKey: Bytes32; readonly password?: string | undefined },
): Promise<KeptKey> {
  const { directory, privateKey, password } = options;
  const { encryptKeystoreJson } = await import("ethers");
  const { address } = await openKey(privateKey, undefined);
  const encrypted = password !== undefined;
  const text = encrypted ? await encryptKeystoreJson({ address, privateKey }, password) : `${privateKey}\n`;
  const path = join(folderOf(directory), `${address}.${encrypted ? "json" : "key"}`);
  await host.files.makeFolder(folderOf(directory));
  if (!(await host.files.create(path, text)))
    throw new OperatorError(OperatorErrorCode.USAGE, `${path} exists already: it is the same key, and stays`, { path });
  const variables = (await readVariables(host.files, directory)) ?? new Map<string, string>();
  return { address, path, encrypted, used: (await usedAddresses(variables)).has(address) };
}

async function usedAddresses(variables: ReadonlyMap<string, string>): Promise<ReadonlySet<string>> {
  const addresses = new Set<string>();
  for (const name of ["SEQ_PUBLISHER_PRIVATE_KEY", "PROVER_PUBLISHER_PRIVATE_KEY"]) {
    const found = await describe(variables.get(name) ?? "");
    if (found !== undefined) addresses.add(found.address);
  }
  return addresses;
}

/** Of a keystore the address that it names: it cannot be seen without the password. */
async function describe(text: string): Promise<Pick<KeptKey, "address" | "encrypted"> | undefined> {
  try {
    const content: unknown = text.trimStart().startsWith("{") ? JSON.parse(text) : undefined;
    if (content === undefined) return { address: (await openKey(text, undefined)).address, encrypted: false };
    const address = isRecord(content) ? String(content.address).replace(/^0x/, "").toLowerCase() : "";
    return /^[0-9a-f]{40}$/.test(address) ? { address: `0x${address}`, encrypted: true } : undefined;
  } catch {
    return undefined;
  }
}

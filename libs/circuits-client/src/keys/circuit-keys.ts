import { readFile } from "node:fs/promises";
import { keysUrl } from "@sprtn/circuits";
import { type Field, Field as asField, type FieldHasher, messageOf } from "@sprtn/primitives";
import { type CircuitName, circuitNames, type CrsKind } from "@sprtn/protocol";
import { KeyTree } from "@sprtn/state-transition/circuits";
import type { ProofTarget } from "../barretenberg/proof-engine.js";
import { verificationKeyFields } from "../barretenberg/verification-key.js";
import { KeysError, KeysErrorCode } from "./keys-error.js";

/** A circuit's verification key, as it was derived for a reference string. */
export interface CircuitKey {
  readonly verificationKey: Uint8Array;
  /** 115 of them for circuits that other circuits verify. */
  readonly fields: readonly bigint[];
  readonly hash: Field;
  /** Hash of the compiled circuit, as Noir's compiler gives it. */
  readonly circuitHash: string;
}

export type CircuitKeys = Readonly<Record<CircuitName, CircuitKey>>;

/** Content of `keys.json`, which `tools/keys/derive-keys.mjs` writes. */
export interface KeysFile {
  readonly crs: CrsKind;
  readonly circuits: Readonly<Record<string, { readonly hash: string; readonly circuitHash: string }>>;
}

/** Who verifies a circuit's proofs: another circuit, but for the roots'. */
export function proofTargetOf(circuit: CircuitName): ProofTarget {
  if (circuit === "transfer") return "noir-recursive";
  return circuit === "root-one" || circuit === "root-two" ? "evm-no-zk" : "noir-recursive-no-zk";
}

/** Reads the committed keys of a reference string. @throws KeysError MISSING */
export async function readCircuitKeys(crs: CrsKind): Promise<CircuitKeys> {
  const folder = keysUrl(crs);
  try {
    const { circuits } = JSON.parse(await readFile(new URL("keys.json", folder), "utf8")) as KeysFile;
    const keys = await Promise.all(circuitNames.map(async name => [name, await readKey(folder, name, circuits[name])] as const));
    return Object.fromEntries(keys) as Record<CircuitName, CircuitKey>;
  } catch (error) {
    throw new KeysError(KeysErrorCode.MISSING, `there are no verification keys for the ${crs} CRS here (${messageOf(error)}): derive them (docs/proving.md), or use a deployment under another CRS`, { crs }, { cause: error });
  }
}

async function readKey(folder: URL, name: CircuitName, entry: KeysFile["circuits"][string] | undefined): Promise<CircuitKey> {
  if (entry === undefined) throw new KeysError(KeysErrorCode.MISSING, `keys.json has no key of ${name}: derive the keys anew`, { crs: folder.pathname, circuit: name });
  const verificationKey = new Uint8Array(await readFile(new URL(`${name}.vk`, folder)));
  return { verificationKey, fields: verificationKeyFields(verificationKey, proofTargetOf(name)), hash: asField(BigInt(entry.hash)), circuitHash: entry.circuitHash };
}

/** The key tree whose root L1 pins. */
export function keyTreeOf(hasher: FieldHasher, keys: CircuitKeys): KeyTree {
  return new KeyTree(hasher, Object.fromEntries(circuitNames.map(name => [name, keys[name].hash])) as Record<CircuitName, Field>);
}

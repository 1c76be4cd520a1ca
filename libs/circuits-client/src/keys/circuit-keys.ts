import { type Field, Field as asField, type FieldHasher } from "@sprtn/primitives";
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

/** Every circuit's verification key under one CRS. */
export type CircuitKeys = Readonly<Record<CircuitName, CircuitKey>>;

/** Content of `keys.json`, which `tools/keys/derive-keys.mjs` writes. */
export interface KeysFile {
  readonly crs: CrsKind;
  readonly circuits: Readonly<Record<string, { readonly hash: string; readonly circuitHash: string }>>;
}

/** What verifies a circuit's proofs: another circuit, except for the roots. */
export function proofTargetOf(circuit: CircuitName): ProofTarget {
  if (circuit === "transfer") return "noir-recursive";
  return circuit === "root-one" || circuit === "root-two" ? "evm-no-zk" : "noir-recursive-no-zk";
}

/**
 * The keys that `keys.json` describes, each read by its circuit's name: what a wallet in a browser makes of the files
 * that it fetches.
 * @throws KeysError MISSING for a circuit without a key
 */
export async function circuitKeysFrom(
  { crs, circuits }: KeysFile,
  read: (circuit: CircuitName) => Promise<Uint8Array>,
): Promise<CircuitKeys> {
  const keyOf = async (name: CircuitName): Promise<CircuitKey> => {
    const entry = circuits[name];
    if (entry === undefined)
      throw new KeysError(KeysErrorCode.MISSING, `keys.json has no key for ${name}: derive the keys again`, {
        crs,
        circuit: name,
      });
    const verificationKey = await read(name);
    return {
      verificationKey,
      fields: verificationKeyFields(verificationKey, proofTargetOf(name)),
      hash: asField(BigInt(entry.hash)),
      circuitHash: entry.circuitHash,
    };
  };
  const keys = await Promise.all(circuitNames.map(async name => [name, await keyOf(name)] as const));
  return Object.fromEntries(keys) as Record<CircuitName, CircuitKey>;
}

/** The key tree whose root L1 pins. */
export function keyTreeOf(hasher: FieldHasher, keys: CircuitKeys): KeyTree {
  return new KeyTree(
    hasher,
    Object.fromEntries(circuitNames.map(name => [name, keys[name].hash])) as Record<CircuitName, Field>,
  );
}

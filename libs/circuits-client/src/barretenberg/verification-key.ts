import { bytesToUint, type Field, FIELD_MODULUS, type FieldHasher, jsFieldHasher, keccak256 } from "@sprtn/primitives";
import { BarretenbergError, BarretenbergErrorCode } from "./barretenberg-error.js";
import type { ProofTarget } from "./proof-engine.js";
import { targetShapes } from "./proof-target.js";

/**
 * Every circuit has eight public inputs of Barretenberg's own before its own ones: the limbs of two points that a
 * recursion passes on.
 */
const OWN_PUBLIC_INPUTS = 8;
const MAX_LOG_SIZE = 28;

/** BAD_KEY unless the key has the length of this target's keys. */
function requireKey(verificationKey: Uint8Array, target: ProofTarget): void {
  const { keyBytes } = targetShapes[target];
  if (verificationKey.length === keyBytes) return;
  throw new BarretenbergError(
    BarretenbergErrorCode.BAD_KEY,
    `a verification key for ${target} has ${keyBytes} bytes, but this one has ${verificationKey.length}: give the ` +
      "key that was derived for this circuit and target",
  );
}

/**
 * A key's words of 32 bytes: what a recursive verifier in Noir is given (115 fields). For evm-no-zk, coordinates in the
 * other field, up to 2^254.
 */
export function verificationKeyFields(verificationKey: Uint8Array, target: ProofTarget): bigint[] {
  requireKey(verificationKey, target);
  return Array.from({ length: verificationKey.length / 32 }, (_, i) =>
    bytesToUint(verificationKey.subarray(32 * i, 32 * i + 32)),
  );
}

/**
 * The hash that bb writes beside a key: Poseidon2 of its fields, or, for the EVM, the Keccak-256 of its bytes modulo
 * the field's order.
 */
export function verificationKeyHash(
  verificationKey: Uint8Array,
  target: ProofTarget,
  hasher: FieldHasher = jsFieldHasher,
): Field {
  const fields = verificationKeyFields(verificationKey, target);
  if (targetShapes[target].oracleHashType === "poseidon2") return hasher.hash(fields);
  return (BigInt(keccak256(verificationKey)) % FIELD_MODULUS) as Field;
}

/** What a verification key says about its circuit. */
export interface KeyFacts {
  /** The circuit has up to 2^logSize rows, and needs as many points of the CRS. */
  readonly logSize: number;
  readonly publicInputs: number;
}

/** As readVerificationKey, but throws BAD_KEY. */
export function requireReadableKey(verificationKey: Uint8Array, target: ProofTarget): KeyFacts {
  requireKey(verificationKey, target);
  const facts = readVerificationKey(verificationKey, target);
  if (facts === undefined)
    throw new BarretenbergError(
      BarretenbergErrorCode.BAD_KEY,
      `this is not a verification key of a circuit: give the one that was derived for this circuit and ${target}`,
    );
  return facts;
}

/** What a key says of its circuit; undefined for one that no circuit has. */
export function readVerificationKey(verificationKey: Uint8Array, target: ProofTarget): KeyFacts | undefined {
  if (verificationKey.length !== targetShapes[target].keyBytes) return undefined;
  const [logSize, publicInputs] = [
    bytesToUint(verificationKey.subarray(0, 32)),
    bytesToUint(verificationKey.subarray(32, 64)),
  ];
  if (logSize < 1n || logSize > MAX_LOG_SIZE || publicInputs < OWN_PUBLIC_INPUTS || publicInputs > 2 ** MAX_LOG_SIZE)
    return undefined;
  return { logSize: Number(logSize), publicInputs: Number(publicInputs) - OWN_PUBLIC_INPUTS };
}

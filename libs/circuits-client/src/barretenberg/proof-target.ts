import type { ProofTarget } from "./proof-engine.js";

interface TargetShape {
  readonly oracleHashType: "poseidon2" | "keccak";
  readonly disableZk: boolean;
  readonly keyBytes: number;
  /** Of a circuit of 2^logSize rows. */
  readonly proofFields: (logSize: number) => number;
}

/**
 * Shapes of bb 5.0.0: recursive proofs are padded to one length, those for the EVM have 11 fields for each round of the
 * sum-check.
 */
export const targetShapes: Readonly<Record<ProofTarget, TargetShape>> = {
  "noir-recursive": { oracleHashType: "poseidon2", disableZk: false, keyBytes: 115 * 32, proofFields: () => 458 },
  "noir-recursive-no-zk": { oracleHashType: "poseidon2", disableZk: true, keyBytes: 115 * 32, proofFields: () => 410 },
  "evm-no-zk": {
    oracleHashType: "keccak",
    disableZk: true,
    keyBytes: 59 * 32,
    proofFields: logSize => 67 + 11 * logSize,
  },
};

/** Barretenberg's name for a target. */
export function proofSettings(target: ProofTarget) {
  const { oracleHashType, disableZk } = targetShapes[target];
  return { ipaAccumulation: false, oracleHashType, disableZk, optimizedSolidityVerifier: false };
}

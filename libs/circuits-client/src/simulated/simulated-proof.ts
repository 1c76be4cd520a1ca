import {
  addressFromField,
  concatBytes,
  equalBytes,
  type Field,
  fieldToBytes,
  fromHex,
  keccak256,
} from "@sprtn/primitives";
import type { CircuitName, Proof } from "@sprtn/ports";
import { constants, type RootPublicInputs, simulatedRootProof } from "@sprtn/protocol";

/** Bytes of a recursive proof without zero knowledge: 410 fields. */
const RECURSIVE_PROOF_BYTES = 13_120;

/**
 * The marker that stands for a proof while proofs are simulated (PROV-6): anyone can make it; it has the real proof's
 * size.
 */
export function simulatedProof(circuit: CircuitName, publicInputs: readonly Field[]): Uint8Array {
  if (circuit === "root-one" || circuit === "root-two") return simulatedRootProof(rootInputs(publicInputs));
  const proof = new Uint8Array(circuit === "transfer" ? constants.CLIENT_PROOF_BYTES : RECURSIVE_PROOF_BYTES);
  proof.set(
    fromHex(
      keccak256(
        concatBytes(new TextEncoder().encode(`sprtn.simulated-proof:${circuit}`), ...publicInputs.map(fieldToBytes)),
      ),
    ),
  );
  return proof;
}

/** Whether `proof` is the marker that goes with its own circuit and public inputs. */
export function isSimulatedProof(proof: Proof): boolean {
  const isRoot = proof.circuit === "root-one" || proof.circuit === "root-two";
  if (isRoot && !isRootInputs(proof.publicInputs)) return false;
  return equalBytes(proof.bytes, simulatedProof(proof.circuit, proof.publicInputs));
}

const ROOT_FIELDS = 7;

function isRootInputs(fields: readonly Field[]): boolean {
  return fields.length === ROOT_FIELDS && (fields[ROOT_FIELDS - 1] as Field) < 1n << 160n;
}

function rootInputs(fields: readonly Field[]): RootPublicInputs {
  const at = (index: number) => fields[index] as Field;
  return {
    keyTreeRoot: at(0),
    domain: at(1),
    startArchive: at(2),
    endArchive: at(3),
    startAccumulator: at(4),
    endAccumulator: at(5),
    prover: addressFromField(at(6)),
  };
}

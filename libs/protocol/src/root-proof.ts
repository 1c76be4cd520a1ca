import {
  addressToField,
  concatBytes,
  type EthAddress,
  type Field,
  fieldToBytes,
  fromHex,
  keccak256,
} from "@sprtn/primitives";
import { SIMULATED_PROOF_BYTES } from "./generated/constants.js";

/** Public inputs of an epoch's root proof, in this order; L1 builds them from its own records (PROV-1). */
export interface RootPublicInputs {
  readonly keyTreeRoot: Field;
  readonly domain: Field;
  readonly startArchive: Field;
  readonly endArchive: Field;
  readonly startAccumulator: Field;
  readonly endAccumulator: Field;
  /** Who sends the proof. */
  readonly prover: EthAddress;
}

/** The seven public inputs in the order in which the Rollup builds them. */
export function rootPublicInputsToFields(inputs: RootPublicInputs): Field[] {
  return [
    inputs.keyTreeRoot,
    inputs.domain,
    inputs.startArchive,
    inputs.endArchive,
    inputs.startAccumulator,
    inputs.endAccumulator,
    addressToField(inputs.prover),
  ];
}

/** The marker that SimulatedProofVerifier accepts in place of a proof (PROV-6). */
export function simulatedRootProof(inputs: RootPublicInputs): Uint8Array {
  const marker = keccak256(
    concatBytes(
      new TextEncoder().encode("sprtn.simulated-proof"),
      ...rootPublicInputsToFields(inputs).map(fieldToBytes),
    ),
  );
  const proof = new Uint8Array(SIMULATED_PROOF_BYTES);
  proof.set(fromHex(marker));
  return proof;
}

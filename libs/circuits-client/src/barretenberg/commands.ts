import { BBApiException, type Barretenberg } from "@aztec/bb.js";
import { concatBytes } from "@sprtn/primitives";
import { isFailureOfMachine, refusalOf } from "./refusal.js";
import type { MadeProof, ProveRequest, VerifyRequest } from "./proof-engine.js";
import { proofSettings, targetShapes } from "./proof-target.js";
import { readVerificationKey } from "./verification-key.js";

type Api = Pick<Barretenberg, "circuitProve" | "circuitVerify">;

/** `witness` is gunzipped here. */
export async function prove(api: Api, request: ProveRequest): Promise<MadeProof> {
  const { bytecode, witness, verificationKey, target } = request;
  try {
    const made = await api.circuitProve({
      circuit: { name: "circuit", bytecode, verificationKey },
      witness,
      settings: proofSettings(target),
    });
    return { proof: concatBytes(...made.proof), publicInputs: concatBytes(...made.publicInputs) };
  } catch (error) {
    throw refusalOf("prove", error);
  }
}

/**
 * False also for what Barretenberg refuses to look at: points off their curve, numbers that are not fields, keys of no
 * circuit.
 */
export async function verify(api: Api, request: VerifyRequest): Promise<boolean> {
  if (!isWellFormed(request)) return false;
  const { proof, publicInputs, verificationKey, target } = request;
  try {
    const { verified } = await api.circuitVerify({
      verificationKey,
      publicInputs: words(publicInputs),
      proof: words(proof),
      settings: proofSettings(target),
    });
    return verified;
  } catch (error) {
    if (error instanceof BBApiException && !isFailureOfMachine(error)) return false;
    throw refusalOf("verify", error);
  }
}

/** Every length is right: an element of any other than 32 bytes ends bb at once. */
function isWellFormed({ proof, publicInputs, verificationKey, target }: VerifyRequest): boolean {
  const key = readVerificationKey(verificationKey, target);
  return (
    key !== undefined &&
    publicInputs.length === 32 * key.publicInputs &&
    proof.length === 32 * targetShapes[target].proofFields(key.logSize)
  );
}

function words(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}

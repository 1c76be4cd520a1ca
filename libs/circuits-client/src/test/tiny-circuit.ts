import { gunzipSync, gzipSync } from "node:zlib";
import { Field, fieldToBytes } from "@sprtn/primitives";
import { bytecodeOf, type NativeCircuitTools, type ProofTarget } from "../barretenberg/index.js";

/**
 * A circuit for tests of what proves, 314 gates, compiled by noir_wasm 1.0.0-beta.26 from
 *
 *     use std::hash::poseidon2_permutation;
 *
 *     fn main(secret: Field, image: pub Field, label: pub Field) {
 *         let mut state = [secret, label, 2, 3];
 *         for _ in 0..4 {
 *             state = poseidon2_permutation(state);
 *         }
 *         assert(state[0] == image, "the secret has another image");
 *     }
 */
const BYTECODE =
  "H4sIAAAAAAAA/53SP0/CQBjH8WsL5T8U9QUw6qZ2cgSiMTEx3TQmDk254WK5M3cl0fFege1x0dWBxMTJwRjZ2R2d2RhZ2GF6" +
  "EhYKvekzXL7L77FU8jrq+4S+yc+2EJhHd5izYZyoSeu4d82nJ+9Hv975j5S394fu7PJ5/Jh0p4vhHCFkTVpo8zN3j+ZSo5b8" +
  "6oR+8NBhTxcDGnT9MJTfHhOY9Bg99TDvDyI/IowqLT9uSESxEAhkgixQTuftQjFDNg+yQQVQUZfKlWqGbAlUBlVAVV2rN5wM" +
  "2RqoDmqAHN3c2z9YH0xtMZihUhczmqlfUIKUYa4uRI7aAeG2+nP/nasXd3wWx0u2QJaipAIAAA==";

/** For secret 7 and label 1, by noir_js. */
const WITNESS =
  "H4sIAAAAAAAC/4XS6U/ScQDH8Z+CEIoHHgtE29eBjgTFI02taSIKHXZgYsumUcyTObXWKi1TMRO3UDSrmdo8pi2ndk0RMVdf" +
  "o1DQeBIZydIl5ZXGMiHn6i+Iz+PXPo/eqPp6GTKLeCEQIP8f1g4CnOFQZ0K7r4KdTzFqvfB1VnMC5eItc6Df45hclvCLxt7m" +
  "ix3KJrFH2yQoBwjc3myvxulyqBspyk3KdEszS2MhRy6NrgTSu0oVyko+BgLijYYZJ2LrpR6rmV9SLBhnb8qfTOo+nW2L2MuP" +
  "T/LewkLgcDuM8EPN48qq0gpxplfiNpW0dpuVmfL0mwHjiuDrdkAQLKgmrLpyZmgv4+SdKrWIWn6vWl/G180O1vqv0CaP4yAI" +
  "4CQz59KXU+zU6AAlb2GTKSWsXtbFfny700VYciHd5AiBc3rcoiMJ09Qfyi3rnT/okdYRjkRbrJVIY3ZefrTmuhMEmJ6bA0Uc" +
  "H0pNFhwuVGt2Tdm7v/NX7BvCM3heuCx1CB4CPMvvdEaqKIy5Vt6ug0P1ghi69/tYkmc2rbt0gBF81BkCOnl8Llam+NO6GDMV" +
  "ocGUu8tRI1IxdbSZuzQ2uHiF4wIBs4veH9Qq9V1WGVoSX6vvm6rWHzXXFCzcHe42U8g5xa4QOE1HPgwVSwTW5xVf+7gHfu9n" +
  "ZxozRlPZxPVz502Hf867/SNbSo6e63Mnz7jRY/GZLdI1jfitlRQ/U3UlkpeOSeYItntxh4AQRcojXsNqpXywNnS1scEjuTco" +
  "CftA+0FGIRm1vSIPCNBTtbgjYzMVnyeUEjEBE/UdLT+Z2phviD8jbGpv85z3hMDxV0EHIzFkAryg7ZbQtIxcqp4v4tWcEOrD" +
  "9wSf6jP9BT1rtsXnAgAA";

/** Of a circuit with one public input. */
const OTHER_WITNESS =
  "H4sIAAAAAAAC/wFMALP/A5GRkgCCAMQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAUBxCATW1KUWhPZqkm5tXwz" +
  "zVaLqa5c6cpKLQbn8/vUxmZmZ18ps4RMAAAA";

const IMAGE = Field(0x09dc4aa443a21dbb446b23dfce150c90faf343237488f32a21ab3a694264e1cdn);

export const tinyCircuit = {
  gates: 314,
  bytecode: await bytecodeOf(BYTECODE),
  witness: fromBase64(WITNESS),
  publicInputs: Buffer.concat([fieldToBytes(IMAGE), fieldToBytes(Field(1n))]),
  otherWitness: fromBase64(OTHER_WITNESS),
  /** Says of another image that it is the secret's. */
  brokenWitness: brokenWitness(),
};

function brokenWitness(): Uint8Array {
  const raw = gunzipSync(fromBase64(WITNESS));
  const at = raw.indexOf(fieldToBytes(IMAGE));
  raw[at + 31] = (raw[at + 31] as number) ^ 1;
  return gzipSync(raw);
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}

export const proofTargets: readonly ProofTarget[] = ["noir-recursive", "noir-recursive-no-zk", "evm-no-zk"];

/** Keys depend on the CRS too, so there are none to write down. */
export type TinyKeys = Readonly<Record<ProofTarget, Uint8Array>>;

export async function deriveTinyKeys(tools: NativeCircuitTools): Promise<TinyKeys> {
  const keys = proofTargets.map(async target => [
    target,
    (await tools.deriveVerificationKey(tinyCircuit.bytecode, target)).verificationKey,
  ]);
  return Object.fromEntries(await Promise.all(keys));
}

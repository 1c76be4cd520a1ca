import { secp256k1 } from "@noble/curves/secp256k1.js";
import { joinCompact, splitCompact } from "./compact-signature.js";
import type { Secp256k1 } from "./secp256k1.js";

/** The pure JavaScript twin, for platforms without the native module. */
export const nobleSecp256k1: Secp256k1 = {
  name: "noble",
  isPrivateKey: key => key.length === 32 && secp256k1.utils.isValidSecretKey(key),
  publicKey: key => secp256k1.getPublicKey(key, false),
  sign(digest, key) {
    const signature = secp256k1.sign(digest, key, { prehash: false, format: "recovered", lowS: true });
    return joinCompact({ rs: signature.subarray(1), yParity: ((signature[0] as number) & 1) as 0 | 1 });
  },
  recover(digest, compact) {
    const parts = splitCompact(compact);
    if (!parts) return undefined;
    try {
      const signature = secp256k1.Signature.fromBytes(parts.rs, "compact").addRecoveryBit(parts.yParity);
      return signature.recoverPublicKey(digest).toBytes(false);
    } catch {
      // The library throws for r or s out of range and for an r that is on no point: it is not a signature.
      return undefined;
    }
  },
};

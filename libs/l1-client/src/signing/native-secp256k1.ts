import type * as Bindings from "secp256k1";
import { joinCompact, splitCompact } from "./compact-signature.js";
import type { Secp256k1 } from "./secp256k1.js";

/** libsecp256k1 through the bindings of the npm package `secp256k1`. */
export function nativeSecp256k1(module: unknown): Secp256k1 {
  const bindings = module as typeof Bindings;
  return {
    name: "native",
    isPrivateKey: key => key.length === 32 && bindings.privateKeyVerify(key),
    publicKey: key => Uint8Array.from(bindings.publicKeyCreate(key, false)),
    sign(digest, key) {
      const { signature, recid } = bindings.ecdsaSign(digest, key);
      return joinCompact({ rs: signature, yParity: (recid & 1) as 0 | 1 });
    },
    recover(digest, compact) {
      const parts = splitCompact(compact);
      if (!parts) return undefined;
      try {
        return Uint8Array.from(bindings.ecdsaRecover(parts.rs, parts.yParity, digest, false));
      } catch {
        // The library throws for r or s out of range and for an r that is on no point: it is not a signature.
        return undefined;
      }
    },
  };
}

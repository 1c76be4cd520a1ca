import { createRequire } from "node:module";
import { nobleSecp256k1 } from "./noble-secp256k1.js";
import { nativeSecp256k1 } from "./native-secp256k1.js";

/**
 * The curve operations that a node needs. Compact signatures are EIP-2098: r ‖ yParity·2^255 + s, s in the lower half.
 */
export interface Secp256k1 {
  readonly name: "native" | "noble";
  /** Whether 32 bytes are a private key: neither 0 nor beyond the curve's order. */
  isPrivateKey(key: Uint8Array): boolean;
  /** 65 bytes, uncompressed. */
  publicKey(key: Uint8Array): Uint8Array;
  /** 64 bytes, deterministic (RFC 6979). */
  sign(digest: Uint8Array, key: Uint8Array): Uint8Array;
  /** 65 bytes; `undefined` for what is not a signature or has s in the upper half. */
  recover(digest: Uint8Array, compact: Uint8Array): Uint8Array | undefined;
}

/** The native module where it loads (17k recoveries a second), else the pure one (0.7k). */
export function loadSecp256k1(require: (name: string) => unknown = createRequire(import.meta.url)): Secp256k1 {
  try {
    return nativeSecp256k1(require("secp256k1/bindings.js"));
  } catch {
    // No prebuilt binary for this platform: slower, but the same results.
    return nobleSecp256k1;
  }
}

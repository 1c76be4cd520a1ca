import { sha256 as sha256Digest } from "@noble/hashes/sha2.js";
import { type Field, fieldFromBytes } from "./field.js";

/** sha256 with the top byte of the digest zeroed, as a field: `S` of the specification. */
export function sha256ToField(bytes: Uint8Array): Field {
  const digest = sha256Digest(bytes);
  digest[0] = 0;
  return fieldFromBytes(digest);
}

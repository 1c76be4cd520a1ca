import { getRandomValues } from "node:crypto";
import type { Random } from "@sprtn/ports";

/** What `getRandomValues` fills at once. */
const CHUNK = 65_536;

/** The system's cryptographically secure randomness. */
export const systemRandom: Random = {
  bytes(length) {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += CHUNK) getRandomValues(bytes.subarray(i, i + CHUNK));
    return bytes;
  },
};

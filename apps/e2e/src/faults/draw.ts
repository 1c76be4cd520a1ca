import type { Random } from "@sprtn/ports";
import { bytesToUint } from "@sprtn/primitives";

/** A whole number from 0 to `below` - 1. */
export function draw(random: Random, below: number): number {
  return Number(bytesToUint(random.bytes(6)) % BigInt(below));
}

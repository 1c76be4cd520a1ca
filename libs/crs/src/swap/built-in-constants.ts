import { createHash } from "node:crypto";
import type { CrsKind } from "@sprtn/protocol";
import { CrsError, CrsErrorCode } from "../crs-error.js";
import { knownPoints } from "../crs-kind.js";
import { findMoves, setMoves } from "./arm-moves.js";

/**
 * What Barretenberg 5.0.0 has built in of the Ignition CRS, and how often. This module alone knows it.
 *
 * - second: tau·G, which points that are loaded must have as their second one.
 * - g2: tau·G2, against which proofs are verified.
 * - g2Digest: its sha256, which a G2 point that is loaded must have; in ARM code it is not data but sixteen move
 *   instructions.
 * - g2Hex: each of its four coordinates in hex, in the templates of Solidity verifiers (zk, not zk, each plain and
 *   optimised).
 *
 * The digests of the ceremony's compressed points are built in too and stay: bb uses them for downloads, and when
 * compressed points are handed to it by message. Of a dev CRS hand it the
 * uncompressed ones.
 */
interface Counts {
  readonly second: number;
  readonly g2: number;
  readonly g2Digest: number;
  readonly g2DigestMoves: number;
  readonly g2Hex: number;
}

export type Artefact = "amd64-linux" | "arm64-linux" | "amd64-macos" | "arm64-macos" | "wasm" | "wasm-threads";

const expected: Readonly<Record<Artefact, Counts>> = {
  "amd64-linux": { second: 1, g2: 1, g2Digest: 1, g2DigestMoves: 0, g2Hex: 4 },
  "arm64-linux": { second: 1, g2: 1, g2Digest: 0, g2DigestMoves: 2, g2Hex: 4 },
  "amd64-macos": { second: 1, g2: 1, g2Digest: 2, g2DigestMoves: 0, g2Hex: 4 },
  "arm64-macos": { second: 1, g2: 1, g2Digest: 0, g2DigestMoves: 1, g2Hex: 4 },
  // Has no G2 point built in: it verifies with the one that it is given, after checking its digest.
  wasm: { second: 1, g2: 0, g2Digest: 1, g2DigestMoves: 0, g2Hex: 2 },
  "wasm-threads": { second: 1, g2: 0, g2Digest: 1, g2DigestMoves: 0, g2Hex: 2 },
};

interface BuiltIn {
  readonly second: Uint8Array;
  readonly g2: Uint8Array;
  readonly g2Digest: Uint8Array;
  readonly g2Hex: readonly Uint8Array[];
}

function builtIn(kind: CrsKind): BuiltIn {
  const { second, g2 } = knownPoints[kind];
  const coordinates = [0, 1, 2, 3].map(i => g2.subarray(32 * i, 32 * i + 32));
  return {
    second,
    g2,
    g2Digest: createHash("sha256").update(g2).digest(),
    g2Hex: coordinates.map(bytes => Buffer.from(Buffer.from(bytes).toString("hex"))),
  };
}

/**
 * A copy of `original` with the constants of `kind`, of the same length.
 * @throws OTHER_BARRETENBERG unless each of Ignition's is there exactly as often as in version 5.0.0, and
 *   NO_SWAP_FOR_IGNITION: a deployment under that CRS runs what its package brought
 */
export function swapConstants(original: Uint8Array, artefact: Artefact, kind: CrsKind): Uint8Array {
  if (kind === "ignition")
    throw new CrsError(
      CrsErrorCode.NO_SWAP_FOR_IGNITION,
      "the Ignition CRS is built into Barretenberg: use Barretenberg's own files, unchanged",
      { kind },
    );
  const [from, to, counts] = [builtIn("ignition"), builtIn(kind), expected[artefact]];
  const out = Buffer.from(original);
  const check = (what: string, found: number, wanted: number) => {
    if (found !== wanted) throw otherVersion({ artefact, what, found, expected: wanted });
  };
  // The longest first: the second point and G2 hold no other constant, but its order must not matter.
  check("the second point", replaceAll(out, from.second, to.second), counts.second);
  check("the G2 point", replaceAll(out, from.g2, to.g2), counts.g2);
  check("the G2 point's digest", replaceAll(out, from.g2Digest, to.g2Digest), counts.g2Digest);
  from.g2Hex.forEach((hex, i) =>
    check(`the G2 point's coordinate ${i} in hex`, replaceAll(out, hex, to.g2Hex[i] as Uint8Array), counts.g2Hex),
  );
  const moves = artefact.startsWith("arm64") ? findMoves(out, from.g2Digest) : [];
  check("the G2 point's digest in instructions", moves.length, counts.g2DigestMoves);
  for (const places of moves) setMoves(out, places, to.g2Digest);
  return out;
}

/** @throws OTHER_BARRETENBERG for a Barretenberg that was swapped: a deployment under Ignition must not run it */
export function refuseSwapped(bytes: Buffer, path: string): void {
  if (bytes.indexOf(builtIn("dev").second) < 0) return;
  throw new CrsError(
    CrsErrorCode.OTHER_BARRETENBERG,
    `${path} verifies under the dev CRS, whose proofs anybody can forge, but this deployment uses Ignition: unset ` +
      "BB_BINARY_PATH, or reinstall @aztec/bb.js",
    { path },
  );
}

function replaceAll(bytes: Buffer, from: Uint8Array, to: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + from.length)) {
    bytes.set(to, at);
    count++;
  }
  return count;
}

function otherVersion({
  artefact,
  what,
  found,
  expected: wanted,
}: {
  artefact: Artefact;
  what: string;
  found: number;
  expected: number;
}): CrsError {
  const text =
    `${what} occurs ${found} times in Barretenberg's ${artefact}, not ${wanted} times: it is not version 5.0.0 ` +
    "with Ignition's constants (or was swapped before); install the version that this package pins, unset " +
    "BB_BINARY_PATH";
  return new CrsError(CrsErrorCode.OTHER_BARRETENBERG, text, { path: artefact, found, expected: wanted });
}

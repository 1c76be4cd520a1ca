import { equalBytes } from "@sprtn/primitives";
import type { CrsKind } from "@sprtn/protocol";
import { devPoints } from "./dev-points.js";
import { ignitionPoints } from "./ignition-points.js";
import type { KnownPoints } from "./known-points.js";
import { compressPoints } from "./point-format.js";

export const knownPoints: Readonly<Record<CrsKind, KnownPoints>> = { ignition: ignitionPoints, dev: devPoints };

/**
 * The kind of the CRS with this second point (64 bytes, or 32 compressed) and this G2 point; `undefined` if it is
 * neither's, or the two do not belong together.
 */
export function kindOfPoints(points: { readonly second: Uint8Array; readonly g2: Uint8Array }): CrsKind | undefined {
  return (["ignition", "dev"] as const).find(kind => {
    const { second, g2 } = knownPoints[kind];
    return (
      equalBytes(points.g2, g2) &&
      equalBytes(points.second, points.second.length === second.length ? second : compressPoints(second))
    );
  });
}

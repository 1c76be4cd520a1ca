import { createHash } from "node:crypto";
import { bytesToUint, FIELD_MODULUS, fromHex } from "@sprtn/primitives";
import type { KnownPoints } from "./known-points.js";

/**
 * Its sha256, modulo the order of the curve, is the dev CRS's secret. Anyone who can read this can forge any proof
 * under that CRS.
 */
const TAU_TEXT = "SPRTN dev CRS: tau is known, proofs under it can be forged";

export function devTau(): bigint {
  return bytesToUint(createHash("sha256").update(TAU_TEXT).digest()) % FIELD_MODULUS;
}

/** Derived from the secret above; the tests derive it again, and a generated CRS must match it. */
export const devPoints: KnownPoints = {
  second: fromHex(
    "0x24ac7d8e7b4558d7fbe79759dffb45e4c849f3f8c79731e5df5743894ce29864220b6e43c871ac5adf772e21e7be53" +
      "35796f3492a98688ad53a383e320a0e43d",
  ),
  g2: fromHex(
    "0x19adb41e823b4b9f2d45143fa7454581395054a2eacf3ddc347dbf1e50047f792bf17a9aa13e6ce247ecfdc68e6e90" +
      "f53a7f683ca81c9ca6cbf5e666c7a9e8721a86d6830299717956f04fbfe1c9be59f923ba53509e038447d3ab3bc2d445" +
      "1b022999d45f2185bdd789ad4554986d6e8e443c78ba111cd7c8aee06ad618b741",
  ),
  digests: [
    "900e65f07eb516289b528aab393cf274e29ca7d0d9de3ad3d1b11aa00d0851f4",
    "d0606580099fada63cdc5f120ae066bf1a5a170fb4fa9111a8ba1aaf9c4618ca",
    "cf5651a4a840421ce45c043ee83b2cf14ffd01fd6b2e40bbab235f64796f03a0",
    "bc8b5d03c84d22c09d17579aa754bd0d1e34aec7dca452cc9f5fb1a64c6bc2b5",
    "a438bbb0ff500d51c9957bd9a3188a76e01169898a2286507d67c40151b06cf9",
    "328529ddc011da3c5b5e523dc4465494421fcf13633e185241d66d3d316e5b71",
    "779dbf54201f38389309cecfcd44a4597d4941ef9f039426805036afaaa43072",
    "78097981e2b9773eebda1c45992fa427a3fd88e598f0a48176c1e9b103d07907",
    "061924dda9730fb57aa1bd136fef1140aa24afb1ef0e302b261cd363ae5d6047",
    "21e543ad7c21a27a3e97581fc65386451216fa1b0552047402081f56439eb6d9",
    "02f49502fd74e52b693e31b1c4ade1c5c3a8b2b49db784e797fb8a2deb1bee83",
    "18c6f88e3d6cc9580b4a58253b76b3711540c7b521267f80704802c28c3c4ef5",
    "055160662655aad00274938504b15c7675db4ff1cfc3eff0872f44f33f52e330",
    "edfa02a753c7201ec0a1adcd9b12e1b5b9614b7ec48531a102879970ec7fe85a",
    "ad58368d04edb5a336195d0007288cd9e051d8ad8f25a017c2ebbe76361e23e9",
    "ab2a45d61a7bb3e17cfa9c632cc158f20e0c23a4072095501b1922a70795ea07",
  ],
};

/** sha256 of the files of the dev CRS of 2^21 + 1 points. */
export const DEV_FULL_POINTS = 2 ** 21 + 1;
export const DEV_FULL_DIGESTS = {
  "bn254_g1.dat": "c962ff3a4af8791395f64baf7ef5cbf17f19dccd5ceb7755b5d972ba7361352b",
  "bn254_g1_compressed.dat": "ae6449c9492cbc3300c105419aaef73175291899e32573495739193ebe246211",
  "bn254_g2.dat": "d266542fd422303b5b001f5bbaf50bf6d6ade048464487f4dfaa7386f6bf038d",
} as const;

import { fromHex } from "@sprtn/primitives";
import type { KnownPoints } from "./known-points.js";

/**
 * The CRS of Aztec's Ignition ceremony (2019, 176 participants; its secret is unknown as long as one of them was
 * honest): tau·G, tau·G2 and, for the first 17 · 2^17 points, digests.
 * Source: `srs/factories/bn254_crs_data.hpp` and `bn254_g1_chunk_hashes.hpp` of Barretenberg; the tests find all of it
 * in the binary that bb.js ships.
 */
export const ignitionPoints: KnownPoints = {
  second: fromHex(
    "0x2d360628289ff943ff6bd1a87bbe4e62abe7fb61ba83effd266f22bdcf31e6f926b92a79e563c3f48252cce7feeca2" +
      "f0f8d33dcb4ef7b0643bf07bd405700aaa",
  ),
  g2: fromHex(
    "0x0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0260e01b251f6f1c7e7ff4e580791de" +
      "e8ea51d87a358e038b4efe30fac09383c122febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e" +
      "5504fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4",
  ),
  digests: [
    "fad8203ae1fd103658d4bb33b2b4cf126a28352b5de4684737cff23cc15fb94b",
    "652de4632b48f5856eaa29ab88dc11a0c35fdb738f02fb87b7e9355cc0717436",
    "1bd8f89c08d1c5000e9dc6a4ecabcfa28b2417676f5700b520c9cf448979ef4c",
    "4a3d5598c4995247b20f8948fb57d4180f71a31182f67e0f3304afe1a0e1f904",
    "3ed6cef0be438d9dd5e5c90d0d381e27ded2dbccbe02f9073136da70a6fb84ea",
    "11032b437a436c1af221ce67af4bc0037c5be7f976bc7b39f77c3f140b0858d4",
    "f925cbcbd122b8a8890b04483cb92f9cb970ce7eb5e4008aa89ff106fbadffe3",
    "edf6b390165207e1c85bc7c4a7654465f7799715765e2161b67c68149f9e7e5f",
    "cb2e273a40ecf31c8e43de099030eaf6803a3a1ad6e0ff9b0869a6799993bc56",
    "bf0109ad754ee2095d3219dc1584bbbff48019d2a9ad4f05cb0ba0007519239f",
    "5a994bf842a1169d1260ba941d6d9581111ea1239efea398e763f67655ff1deb",
    "f945df976cb8f000e10fd94e755027c8d91854ca766f47e28ca00ffef35522d9",
    "97a0d5ab4183a9411e3fa2cf4d6e969beb0a3f9f985b92b828a0d4cb506aa814",
    "686b592a23f48c3acd3dffab21a7840045cae7b98b0fb13cec729863570fe859",
    "063bbd8f1f6ed556495300152017cb18c84bc123b936225aa2b810c39f1579ef",
    "a20ed06d4362ecd0809d9e08867e2696a265d65beca7d1a69f3056c4794f0960",
    "029fb1a69301c3012a6aee91a15ca019fedd06fc9859dcf69fa24c77cb4a3ab6",
  ],
};

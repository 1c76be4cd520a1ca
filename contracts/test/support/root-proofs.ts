import { readFileSync } from "node:fs";
import { ethers } from "./network.ts";

export interface RootProof {
  readonly proof: string;
  readonly publicInputs: readonly string[];
}

/**
 * Real proofs of small epochs under the dev CRS; after new keys they are made again by tools/keys/prove-fixtures.mjs.
 */
export const rootProofs: Readonly<Record<"root-one" | "root-two", RootProof>> = JSON.parse(
  readFileSync(new URL("../fixtures/root-proofs.json", import.meta.url), "utf8"),
);

/** RootVerifier over the two generated verifiers. */
export async function deployRootVerifier() {
  const [one, two] = [
    await ethers.deployContract("DevRootOneVerifier"),
    await ethers.deployContract("DevRootTwoVerifier"),
  ];
  return ethers.deployContract("RootVerifier", [await one.getAddress(), await two.getAddress()]);
}

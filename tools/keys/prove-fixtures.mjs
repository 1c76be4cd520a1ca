// node tools/keys/prove-fixtures.mjs: proves two small epochs under the dev CRS, with a root over one child and with
// one over two, for the contracts' tests: a proof that is right, to be spoiled there.
// After new keys (npm run keys). About two CPU minutes.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crsCacheFolder } from "@sprtn/crs";
import { SimdFieldHasher } from "@sprtn/field-hasher";
import { keyTreeOf } from "@sprtn/circuits-client/keys";
import { createRealBackend } from "@sprtn/circuits-client/real";
import { systemClock as clock } from "@sprtn/observability/system";
import { fieldToHex, toHex } from "@sprtn/primitives";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { encodeCircuitInputs } from "@sprtn/state-transition/circuits";
import { silentLogger } from "../bench/lib/silent-logger.mjs";
import { root } from "../checks/workspace.mjs";
import { witnessesOf } from "../../libs/circuits-client/dist/test/random-chain.js";

const path = "contracts/test/fixtures/root-proofs.json";
const prover = `0x${"aa".repeat(20)}`;

const hasher = new SimdFieldHasher();
const { backend, keys } = await createRealBackend(
  { logger: silentLogger, clock },
  { crs: "dev", crsPath: process.env.CRS_PATH, cacheFolder: crsCacheFolder(process.env.CRS_CACHE) },
);
try {
  const tree = keyTreeOf(hasher, keys);
  const chain = new ChainFixture(hasher);
  for (let i = 0; i < 2; i++) chain.mine([]);
  const children = [];
  for (const { witness, startAccumulator } of witnessesOf(chain, tree)) {
    const proof = await backend.prove(
      "block-root-empty",
      encodeCircuitInputs({ ...witness.root, children: [], startAccumulator }),
    );
    children.push({ key: tree.witness("block-root-empty"), publicInputs: proof.publicInputs, proof: proof.bytes });
  }
  const fixture = {};
  for (const [name, of] of [
    ["root-one", children.slice(0, 1)],
    ["root-two", children],
  ]) {
    const { publicInputs, bytes } = await backend.prove(name, encodeCircuitInputs({ children: of, prover }));
    fixture[name] = { proof: toHex(bytes), publicInputs: publicInputs.map(fieldToHex) };
  }
  await writeFile(join(root, path), `${JSON.stringify(fixture, null, 2)}\n`);
} finally {
  await backend.close();
}

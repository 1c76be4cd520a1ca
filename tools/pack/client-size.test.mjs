// What a web page pays for @sprtn/rpc/client: bytes of its minified bundle for browsers, on record and bounded.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build } from "esbuild";

const LIMIT = 60_000;
const root = fileURLToPath(new URL("../..", import.meta.url));
const record = new URL("client-size.json", import.meta.url);

async function measure() {
  const { metafile } = await build({
    stdin: { contents: 'export * from "@sprtn/rpc/client";', resolveDir: `${root}libs/rpc` },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  return { bytes: output.bytes, inputs: Object.keys(output.inputs) };
}

describe("typed RPC client in a browser", function () {
  this.timeout(120_000);

  it(`is at most ${LIMIT} bytes, and within 2 % of the record (UPDATE_SNAPSHOTS=1 writes it anew)`, async () => {
    const { bytes } = await measure();
    expect(bytes).to.be.at.most(LIMIT);
    if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(record, `{ "bytes": ${bytes} }\n`);
    const known = JSON.parse(readFileSync(record, "utf8")).bytes;
    expect(bytes).to.be.closeTo(known, known / 50);
  });

  it("brings neither SSZ, nor hash constants, nor zod's languages, nor anything of Node", async () => {
    const { inputs } = await measure();
    const unwanted = inputs.filter(file => /chainsafe|poseidon2|locales|fastify/.test(file));
    expect(unwanted).to.deep.equal([]);
  });
});

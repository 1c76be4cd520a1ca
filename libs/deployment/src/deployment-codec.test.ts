import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Field, FIELD_MODULUS, Wei } from "@sprtn/primitives";
import { buildDeployment } from "@sprtn/testing";
import { expect } from "chai";
import fc from "fast-check";
import { decodeDeployment, encodeDeployment } from "./deployment-codec.js";
import { readDeploymentFile, writeDeploymentFile } from "./deployment-file.js";

const deployment = buildDeployment();
const text = encodeDeployment(deployment);

/** The file's JSON with one thing changed. */
function changed(path: string, value: unknown): string {
  const json = JSON.parse(text) as Record<string, unknown>;
  const names = path.split(".");
  const last = names.pop() as string;
  const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, json);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(json);
}

describe("the deployment file", () => {
  it("comes back as it was, whatever the numbers", () => {
    const property = fc.property(
      fc.record({
        field: fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }),
        wei: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        fee: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        flag: fc.boolean(),
      }),
      ({ field, wei, fee, flag }) => {
        const parameters = {
          ...deployment.parameters,
          minimumStake: Wei(wei),
          initialBaseFees: { perL2Gas: fee, perDaGas: 1n },
          openBootstrap: flag,
        };
        const one = { ...deployment, keyTreeRoot: Field(field), parameters };
        expect(decodeDeployment(encodeDeployment(one))).to.deep.equal(one);
      },
    );
    fc.assert(property, { numRuns: 50, seed: 3 });
  });

  it("holds amounts as decimal texts and fields as hex", () => {
    const json = JSON.parse(text) as { keyTreeRoot: string; parameters: { minimumStake: string } };
    expect(json.keyTreeRoot).to.match(/^0x[0-9a-f]{64}$/);
    expect(json.parameters.minimumStake).to.equal("0");
  });

  for (const [what, path, value] of [
    ["a missing field", "parameters.capacity", undefined],
    ["an unknown field", "parameters.blockTime", 3],
    ["an unknown contract", "contracts.bridge", "0x00"],
    ["a field beyond the modulus", "keyTreeRoot", `0x${FIELD_MODULUS.toString(16)}`],
    ["a number where a text belongs", "parameters.minimumStake", 5],
    ["an amount that is too large", "parameters.minimumStake", String(2n ** 256n)],
    ["hex where a decimal belongs", "chainId", "0x7a69"],
    ["a short address", "contracts.rollup", "0x1234"],
    ["a negative count", "l1StartBlock", -1],
    ["a fraction", "parameters.slotDuration", 1.5],
    ["a right that does not exist", "parameters.provingRight", "anyone"],
    ["another format", "format", "sprtn-deployment-0"],
  ] as const) {
    it(`is refused with ${what}, and the text says where`, () => {
      const where = path === "parameters.blockTime" ? "parameters" : path === "contracts.bridge" ? "contracts" : path;
      expect(() => decodeDeployment(changed(path, value)))
        .to.throw()
        .that.satisfies(
          (error: { code: string; message: string }) =>
            error.code === "DEPLOYMENT_BAD_FILE" && error.message.includes(where),
        );
    });
  }

  it("is refused when it is no JSON or something else", () => {
    for (const wrong of ["", "{", "null", "[]", "3", "{}"])
      expect(() => decodeDeployment(wrong))
        .to.throw()
        .with.property("code", "DEPLOYMENT_BAD_FILE");
  });

  it("is written whole, read back, and missed with a text that helps", async () => {
    const directory = await mkdtemp(join(tmpdir(), "deployment-"));
    try {
      const path = join(directory, "deployment.json");
      const missing = await readDeploymentFile(path).catch((error: unknown) => error);
      expect(missing).to.have.property("code", "DEPLOYMENT_FILE_ACCESS");
      await writeDeploymentFile(path, deployment);
      expect(await readDeploymentFile(path)).to.deep.equal(deployment);
      expect(await readdir(directory)).to.deep.equal(["deployment.json"]);
      await writeFile(path, "{}");
      const bad = await readDeploymentFile(path).catch((error: unknown) => error);
      expect(bad).to.have.property("code", "DEPLOYMENT_BAD_FILE");
      expect(bad).to.have.property("message").that.includes(path);
      const nowhere = await writeDeploymentFile(join(directory, "no", "where.json"), deployment).catch(
        (error: unknown) => error,
      );
      expect(nowhere).to.have.property("code", "DEPLOYMENT_FILE_ACCESS");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("replaces nothing but files", async () => {
    const directory = await mkdtemp(join(tmpdir(), "deployment-"));
    const socket = join(directory, "socket");
    const server = createServer().listen(socket).unref();
    try {
      await mkdir(join(directory, "folder"));
      for (const name of ["folder", "socket"]) {
        const error = await writeDeploymentFile(join(directory, name), deployment).catch((thrown: unknown) => thrown);
        expect(error).to.have.property("code", "DEPLOYMENT_FILE_ACCESS");
      }
      expect((await stat(socket)).isSocket()).to.equal(true);
      expect((await readdir(directory)).toSorted()).to.deep.equal(["folder", "socket"]);
    } finally {
      server.close();
      await rm(directory, { recursive: true });
    }
  });
});

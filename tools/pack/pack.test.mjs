import { execFile } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { filesBelow, root } from "../checks/workspace.mjs";
import { missingParts, publintProblems, typeProblems } from "./package-quality.mjs";
import { createPackedProject, entryPoints, packages } from "./packed-project.mjs";
import { installSamples, RunningSample, undeclared } from "./samples.mjs";

const run = promisify(execFile);

/** A program's output and exit code, whatever the code is. */
async function outcome(file, args, cwd) {
  try {
    return { code: 0, ...(await run(file, args, { cwd })) };
  } catch ({ code, stdout, stderr }) {
    return { code, stdout, stderr };
  }
}

/** Every TypeScript example of the documentation, with a file name that tells where it stands. */
function docSamples(libs) {
  const pages = filesBelow(join(root, "docs"), [".md"]);
  const readmes = libs.map(({ dir }) => join(dir, "README.md")).filter(existsSync);
  return [...pages, ...readmes].flatMap(path =>
    [...readFileSync(path, "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code], i) => {
      const page = relative(root, path)
        .replace(/\.md$/, "")
        .replaceAll(/[^\w-]/g, "-");
      return { name: `sample-${page}-${i}.ts`, code };
    }),
  );
}

describe("packages outside the workspace", () => {
  const all = packages();
  let project;

  before(() => {
    project = createPackedProject();
  });

  after(() => project.remove());

  it("holds a package for every lib, with code and types, without tests", () => {
    expect(project.packed.map(({ name }) => name)).to.have.members(all.map(({ manifest }) => manifest.name));
    for (const { name, files } of project.packed) {
      expect(files, name).to.include("package.json");
      expect(
        files.filter(path => /\.test\.|\.tsbuildinfo$|\/node_modules\//.test(path)),
        name,
      ).to.deep.equal([]);
      expect(
        files.some(path => path.endsWith(".d.ts")),
        name,
      ).to.equal(true);
    }
  });

  it("has licence, README, sources in maps, and a complete manifest in every package", () => {
    const licence = readFileSync(join(root, "LICENSE"), "utf8");
    for (const { name, files } of project.packed) {
      const directory = join(project.directory, "node_modules", name);
      const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
      expect(missingParts({ directory, files, manifest }, licence), name).to.deep.equal([]);
    }
  });

  it("gives publint nothing to say", async () => {
    for (const { name } of project.packed)
      expect(await publintProblems(join(project.directory, "node_modules", name)), name).to.deep.equal([]);
  });

  it("has types that resolve as the code does, for importers of ES modules", async () => {
    for (const { name, filename } of project.packed)
      expect(await typeProblems(join(project.directory, "tarballs", filename)), name).to.deep.equal([]);
  });

  it("has behind every export what the manifest says", () => {
    for (const { manifest } of all) {
      for (const target of Object.values(manifest.exports ?? {})) {
        for (const file of typeof target === "string" ? [target] : Object.values(target)) {
          if (!file.includes("*"))
            expect(
              existsSync(join(project.directory, "node_modules", manifest.name, file)),
              `${manifest.name}: ${file}`,
            ).to.equal(true);
        }
      }
    }
  });

  it("imports every entry point with its declared dependencies alone", async () => {
    const specifiers = all.flatMap(entryPoints);
    expect(specifiers.length).to.be.above(all.length);
    const lines = specifiers.map(
      specifier =>
        `await import(${JSON.stringify(specifier)}).catch(error => { console.log(${JSON.stringify(specifier)} + ": ` +
        `" + error.message); process.exitCode = 1; });`,
    );
    writeFileSync(
      join(project.directory, "import-all.mjs"),
      `globalThis.describe ??= () => {};\n${lines.join("\n")}\nprocess.exit();\n`,
    );
    const { code, stdout, stderr } = await outcome(process.execPath, ["import-all.mjs"], project.directory);
    expect(stdout + stderr).to.equal("");
    expect(code).to.equal(0);
  });

  it("bundles for a browser what says that it runs in one", async () => {
    const entries = ["@sprtn/circuits-client/browser", "@sprtn/field-hasher/simd"];
    writeFileSync(
      join(project.directory, "browser.mjs"),
      entries.map(entry => `export * from ${JSON.stringify(entry)};\n`).join(""),
    );
    const args = [
      "browser.mjs",
      "--bundle",
      "--platform=browser",
      "--format=esm",
      "--outfile=browser.bundle.js",
      "--log-level=warning",
    ];
    const { code, stderr } = await outcome(join(root, "node_modules/.bin/esbuild"), args, project.directory);
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
  });

  it("type-checks and runs a consumer", async () => {
    copyFileSync(join(root, "tools/pack/consumer/index.ts"), join(project.directory, "index.ts"));
    const imports = all
      .flatMap(entryPoints)
      .map((specifier, i) => `import * as m${i} from ${JSON.stringify(specifier)};\nvoid m${i};`);
    writeFileSync(join(project.directory, "all.ts"), `${imports.join("\n")}\n`);
    const samples = docSamples(all);
    expect(samples.length).to.be.at.least(all.length);
    for (const { name, code } of samples) writeFileSync(join(project.directory, name), code);
    const compilerOptions = {
      target: "es2024",
      lib: ["es2024", "esnext.disposable", "dom"],
      module: "nodenext",
      moduleResolution: "nodenext",
      types: ["node"],
      strict: true,
      // What Node runs without a compiler, as docs/library.md promises of every example.
      erasableSyntaxOnly: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      outDir: "out",
      rootDir: ".",
    };
    writeFileSync(
      join(project.directory, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["index.ts", "all.ts", ...samples.map(({ name }) => name)] }),
    );
    const compiled = await outcome(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-p", "."],
      project.directory,
    );
    expect(compiled.stdout).to.equal("");
    const { code, stdout, stderr } = await outcome(
      process.execPath,
      [join(project.directory, "out/index.js")],
      project.directory,
    );
    expect(stderr).to.equal("");
    expect(stdout).to.equal("consumer: all packages work\n");
    expect(code).to.equal(0);
  });

  describe("docs/samples", () => {
    let directory;
    const running = [];
    const start = (program, args) => {
      const sample = new RunningSample(directory, program, args);
      running.push(sample);
      return sample;
    };

    before(async () => {
      directory = installSamples(project);
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      const { stdout, code } = await outcome(process.execPath, [tsc, "-p", "."], directory);
      expect(stdout).to.equal("");
      expect(code).to.equal(0);
    });

    after(() => Promise.all(running.map(sample => sample.stop())));

    it("declare what they import", () => {
      expect(undeclared(directory)).to.deep.equal([]);
    });

    it("committees: draws those of 1,000 epochs", async () => {
      const committees = start("committees", ["--validators", "48", "--committee", "16"]);
      expect(await committees.ended, committees.output).to.equal(0);
      expect(committees.output)
        .to.contain("1000 epochs")
        .and.match(/sits in 333\.3 of them/);
    });

    it("custom-node: a network and a node that joins it run on replaced ports; monitor: sees its blocks", async () => {
      const on = port => ["--aztec-port", port, "--p2p-tcp-listen-addr", "127.0.0.1:0"];
      const shape = ["--local-validators", "1", "--local-slot-seconds", "2", "--simulated-proofs", "--local-network"];
      const network = start("custom-node", [...on("0"), "--local-l1-port", "0", ...shape]);
      const [url, l1] = [await network.says(/custom node: RPC at (\S+)/), await network.says(/L1 at (\S+),/)];
      const l1Flags = ["--ethereum-host", l1, "--l1-chain-id", "31337"];
      const joins = ["--node", "--bootnode-url", url, ...l1Flags, "--p2p-udp-listen-addr", "127.0.0.1:0"];
      const node = start("custom-node", [...on("0"), ...joins]);
      const joined = await node.says(/custom node: RPC at (\S+)/);
      const monitor = start("monitor", ["--url", joined, "--blocks", "2"]);
      expect(await monitor.ended, monitor.output).to.equal(0);
      expect(monitor.output).to.match(/^block \d+ in slot \d+: \d+ txs?, proven up to \d+$/m);
      expect(monitor.output).to.match(/^0x[0-9a-f]{40} is credited [1-9]\d* wei$/m);

      // It waits for a node that is down, and goes on when that is back, on its port, with nothing of its data.
      const patient = start("monitor", ["--url", joined]);
      await patient.says(/^block \d+ in/);
      expect(await node.stop(), node.output).to.equal(0);
      await patient.says(/WARNING: the node does not answer/);
      const late = start("monitor", ["--url", joined, "--blocks", "1"]);
      await late.says(/WARNING: the node does not answer/);
      const seen = Math.max(...[...patient.output.matchAll(/^block (\d+) in/gm)].map(match => Number(match[1])));
      const back = start("custom-node", [...on(new URL(joined).port), ...joins]);
      await patient.says(/^the node answers again/);
      await patient.says(new RegExp(`^block ${seen + 1} in`));
      expect(await late.ended, late.output).to.equal(0);
      expect(await patient.stop(), patient.output).to.equal(0);
      expect(patient.output).to.not.match(/are gone/);
      for (const sample of [back, network]) expect(await sample.stop(), sample.output).to.equal(0);
      expect(node.output).to.match(/custom node: [1-9]\d* questions to L1, 0 signatures/);
      expect(network.output).to.match(/custom node: [1-9]\d* questions to L1, [1-9]\d* signatures/);
    });
  });
}).timeout(600_000);

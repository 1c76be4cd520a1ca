// node compile.mjs [CIRCUIT …]: compiles the circuits into dist/noir/, one file a circuit, as Noir and Barretenberg
// take them. All by default.
import { createHash } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, createFileManager } from "@noir-lang/noir_wasm";

const here = dirname(fileURLToPath(import.meta.url));
const names = process.argv.length > 2 ? process.argv.slice(2) : (await readdir(join(here, "bin"))).toSorted();
/** Expected: one transaction is one transaction. */
const isExpected = warning => "ConstantReturn" in (warning.Warning ?? {});

/**
 * The compiler reports what it reads through console.log and its own log function: only an error's lines are wanted.
 */
async function compileQuietly(folder) {
  const lines = [];
  const say = console.log;
  console.log = () => {};
  try {
    return await compile(
      createFileManager(folder),
      undefined,
      line => lines.push(line),
      line => lines.push(line),
    );
  } catch (error) {
    const said = new Set(lines.filter(line => !/^(Adding source|Dependencies)/.test(line)));
    throw new Error([...said, error.message].join("\n"), { cause: error });
  } finally {
    console.log = say;
  }
}

await mkdir(join(here, "dist/noir"), { recursive: true });
for (const name of names) {
  try {
    const { program, warnings } = await compileQuietly(join(here, "bin", name));
    for (const warning of warnings.filter(each => !isExpected(each)))
      console.warn(`${name}: ${JSON.stringify(warning)}`);
    const { noir_version, abi, bytecode } = program;
    // What keys are derived from: they name it.
    const hash = createHash("sha256").update(bytecode).digest("hex");
    await writeFile(join(here, "dist/noir", `${name}.json`), JSON.stringify({ noir_version, hash, abi, bytecode }));
  } catch (error) {
    console.error(`${name} does not compile: ${error.message}`);
    process.exitCode = 1;
  }
}

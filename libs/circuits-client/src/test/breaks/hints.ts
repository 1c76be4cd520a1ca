import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledCircuitUrl } from "@sprtn/circuits";
import { FIELD_MODULUS } from "@sprtn/primitives";
import type { CompiledCircuit } from "@noir-lang/noir_js";
import { compile, createFileManager } from "@noir-lang/noir_wasm";

/**
 * Words that a prover says are a field's, though they are not; constraints that no inputs break, since the hint
 * computes what is right.
 */
export const lies: readonly {
  readonly what: string;
  readonly field: bigint;
  readonly said: bigint;
  readonly constraint: string;
}[] = [
  { what: "another field's", field: 5n, said: 6n, constraint: "words are not those of the field" },
  {
    what: "another field's, in the upper half",
    field: 5n,
    said: 5n + (1n << 128n),
    constraint: "words are not those of the field",
  },
  {
    what: "those of the field and the order",
    field: 5n,
    said: 5n + FIELD_MODULUS,
    constraint: "words are not below the field's order",
  },
  { what: "the order's for 0", field: 0n, said: FIELD_MODULUS, constraint: "words are not below the field's order" },
  {
    what: "all ones",
    field: (2n ** 256n - 1n) % FIELD_MODULUS,
    said: 2n ** 256n - 1n,
    constraint: "words are not below the field's order",
  },
];

const manifest = (name: string, type: string, dependency = "") =>
  `[package]\nname = "${name}"\ntype = "${type}"\nauthors = [""]\n[dependencies]\n${dependency}\n`;
const main = "use sprtn::words;\nfn main(field: Field) -> pub [u32; 8] { words::of_field(field) }\n";
const lyingHint = `unconstrained fn split<let N: u32>(_: Field) -> [u32; N] {
    let said: [u32; 8] = SAID;
    let mut words = [0; N];
    for i in 0..N {
        words[i] = said[8 - N + i];
    }
    words
}
`;

/** A circuit that takes a field's words, its hint saying those of `said`. */
export async function compileWithHint(said: bigint): Promise<CompiledCircuit> {
  const folder = await mkdtemp(join(tmpdir(), "sprtn-hint-"));
  try {
    await cp(fileURLToPath(new URL("../../lib", compiledCircuitUrl("any"))), join(folder, "lib"), { recursive: true });
    const words = join(folder, "lib/src/words.nr");
    const [rules, hint] = (await readFile(words, "utf8")).split("unconstrained fn split");
    if (hint === undefined) throw new Error("words.nr has no hint of this name");
    const array = Array.from(
      { length: 8 },
      (_, i) => `0x${((said >> BigInt(32 * (7 - i))) % (1n << 32n)).toString(16)}`,
    );
    await writeFile(words, rules + lyingHint.replace("SAID", `[${array.join(", ")}]`));
    await mkdir(join(folder, "bin/src"), { recursive: true });
    await writeFile(join(folder, "bin/Nargo.toml"), manifest("words_of_field", "bin", 'sprtn = { path = "../lib" }'));
    await writeFile(join(folder, "bin/src/main.nr"), main);
    const { program } = await compileQuietly(join(folder, "bin"));
    return program;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The compiler tells console.log which folder it reads. */
async function compileQuietly(folder: string): ReturnType<typeof compile> {
  const { log } = console;
  console.log = () => undefined;
  try {
    return await compile(
      createFileManager(folder),
      undefined,
      () => undefined,
      () => undefined,
    );
  } finally {
    console.log = log;
  }
}

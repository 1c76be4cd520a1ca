// node tools/keys/derive-keys.mjs [--crs dev|ignition] [--check]: derives every circuit's verification key, the keys'
// hashes, the gate counts and the two Solidity verifiers of root proofs
// from the compiled circuits and the points of a CRS. Writes them where they are committed; --check compares instead.
// About two minutes on two cores, 2.5 GB.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { compiledCircuitUrl, keysUrl } from "@sprtn/circuits";
import { bytecodeOf, NativeCircuitTools } from "@sprtn/circuits-client/barretenberg";
import { crsCacheFolder, ensureCrs } from "@sprtn/crs";
import { barretenbergBinary } from "@sprtn/crs/barretenberg";
import { proofTargetOf } from "@sprtn/circuits-client/keys";
import { createLogger } from "@sprtn/observability";
import { observabilitySettings } from "@sprtn/observability/settings";
import { systemClock as clock } from "@sprtn/observability/system";
import { circuitNames } from "@sprtn/protocol";
import { composeSettings, parseSettings } from "@sprtn/settings";
import { root } from "../checks/workspace.mjs";
import { verifierContract } from "./verifier-contract.mjs";

export const contractNameOf = (crs, circuit) =>
  [crs, ...circuit.split("-"), "verifier"].map(part => `${part[0].toUpperCase()}${part.slice(1)}`).join("");

/** The committed snapshot of the circuits' sizes. */
function gatesModule(gates) {
  return [
    "// Written by tools/keys/derive-keys.mjs: what Barretenberg counts. A change of it is a change of a circuit.",
    "/** Gates of each circuit, before they are rounded up to a power of two. A proof's cost follows them. */",
    "export const circuitGates = {",
    ...Object.entries(gates).map(
      ([circuit, count]) => `  ${/^\w+$/.test(circuit) ? circuit : JSON.stringify(circuit)}: ${count},`,
    ),
    "} as const;",
    "",
  ].join("\n");
}

/** Every file that follows from the circuits and a CRS: path from the workspace's root → content. */
export async function deriveKeys({ crs, tools, circuits = circuitNames, progress = () => {} }) {
  const files = new Map();
  const entries = {};
  const gates = {};
  const keys = relative(root, fileURLToPath(keysUrl(crs)));
  for (const circuit of circuits) {
    const { bytecode, hash: circuitHash } = JSON.parse(await readFile(compiledCircuitUrl(circuit), "utf8"));
    const target = proofTargetOf(circuit);
    const derived = await tools.deriveVerificationKey(await bytecodeOf(bytecode), target);
    progress(`${circuit}: ${derived.gates} gates`);
    files.set(join(keys, `${circuit}.vk`), derived.verificationKey);
    entries[circuit] = { hash: `0x${derived.hash.toString(16).padStart(64, "0")}`, circuitHash };
    gates[circuit] = derived.gates;
    if (target !== "evm-no-zk") continue;
    const contract = contractNameOf(crs, circuit);
    // Written by the bb that this CRS is used with, so its constants are the CRS's.
    files.set(
      `contracts/src/generated/${contract}.sol`,
      verifierContract(await tools.writeSolidityVerifier(derived.verificationKey), contract),
    );
  }
  files.set(join(keys, "keys.json"), `${JSON.stringify({ crs, circuits: entries }, null, 2)}\n`);
  files.set("libs/circuits/src/gates.ts", gatesModule(gates));
  return files;
}

/** Paths whose committed content is another. */
export async function differing(files) {
  const differ = [];
  for (const [path, content] of files) {
    const committed = await readFile(join(root, path)).catch(() => undefined);
    if (committed === undefined || !committed.equals(Buffer.from(content))) differ.push(path);
  }
  return differ;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { crs: { type: "string", default: "dev" }, check: { type: "boolean", default: false } },
  });
  const { settings } = parseSettings(composeSettings({ log: observabilitySettings }), { env: process.env });
  const logger = createLogger({ clock }, settings.log, "keys");
  const cacheFolder = crsCacheFolder(process.env.CRS_CACHE);
  const { folder } = await ensureCrs(
    { logger, clock },
    { kind: values.crs, points: 2 ** 21 + 1, crsPath: process.env.CRS_PATH, cacheFolder },
  );
  const { bbPath } = await barretenbergBinary({ crsKind: values.crs, cacheFolder });
  const tools = new NativeCircuitTools({ logger }, { bbPath, crsPath: folder });
  try {
    const files = await deriveKeys({ crs: values.crs, tools, progress: line => console.log(line) });
    if (values.check) {
      const differ = await differing(files);
      for (const path of differ)
        console.error(`${path} is not what the circuits give: run node tools/keys/derive-keys.mjs`);
      process.exitCode = differ.length === 0 ? 0 : 1;
    } else {
      for (const [path, content] of files) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), content);
      }
    }
  } finally {
    await tools.close();
  }
}

import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeDeployment } from "@sprtn/deployment";
import { Bytes32, CodedError, type EthAddress, Slot } from "@sprtn/primitives";
import { openDatabase, openStore, StorageErrorCode } from "@sprtn/storage";
import { buildDeployment, fakeAddresses } from "@sprtn/testing";
import { SlashingProtection, ValidatorErrorCode } from "@sprtn/validator";
import { expect } from "chai";
import { deploymentId, Prefix, SCHEMA_VERSION } from "../assemble/stores.js";
import { WiringErrorCode } from "../wiring-error.js";
import { protectionCommandOf, protectionHelpOf, runProtectionCommand } from "./protection-command.js";

const [alice] = fakeAddresses(1) as [EthAddress];
const digest = (n: number) => Bytes32(`0x${n.toString(16).padStart(64, "0")}`);
const deployment = buildDeployment();
const code = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof CodedError ? error.code : error),
  );

describe("slashing-protection", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sprtn-protection-"));
    await writeFile(join(directory, "deployment.json"), encodeDeployment(deployment));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const settings = (node: string, file = "deployment.json") => ({
    process: { deploymentFile: join(directory, file), bootnodeUrl: undefined },
    storage: { dataDirectory: join(directory, node), cacheMb: 1 },
  });
  const run = (verb: "export" | "import", node: string, file = "history.json") =>
    runProtectionCommand({ verb, file: join(directory, file) }, settings(node));
  /** Works with a node's record, as the running node does. */
  async function using<T>(node: string, work: (protection: SlashingProtection) => Promise<T>): Promise<T> {
    const store = await openStore(settings(node).storage, "validator");
    try {
      await openDatabase({ store, schemaVersion: SCHEMA_VERSION, deployment: deploymentId(deployment) });
      return await work(new SlashingProtection({ store }, { prefix: Uint8Array.of(Prefix.VALIDATOR) }));
    } finally {
      await store.close();
    }
  }
  const sign = (node: string, slot: number, n: number) =>
    using(node, protection => protection.record(alice, "Attestation", { slot: Slot(slot), digest: digest(n) }));

  it("SIGN-1: what one node signed is not signed otherwise by the one that imports its export", async () => {
    await sign("old", 7, 1);
    await run("export", "old");
    await run("import", "new");
    expect(await code(sign("new", 7, 2))).to.equal(ValidatorErrorCode.WOULD_EQUIVOCATE);
    expect(await code(sign("new", 6, 2))).to.equal(ValidatorErrorCode.WOULD_EQUIVOCATE);
    expect(await code(sign("new", 7, 1))).to.equal("none");
    expect(await code(sign("new", 8, 1))).to.equal("none");
  });

  it("needs the record that it exports, and a file that does not exist", async () => {
    expect(await code(run("export", "nobody"))).to.equal(WiringErrorCode.NO_DATA_DIRECTORY);
    await sign("old", 7, 1);
    await run("export", "old");
    const before = await readFile(join(directory, "history.json"), "utf8");
    expect(await code(run("export", "old"))).to.equal(WiringErrorCode.PROTECTION_FILE);
    expect(await readFile(join(directory, "history.json"), "utf8")).to.equal(before);
  });

  it("says of how many keys", async () => {
    await sign("old", 7, 1);
    expect(await run("export", "old")).to.match(/\b1 key\b.*\bthis key\b/);
    const imported = await run("import", "new");
    // A mistyped directory is made, so the text tells where the record is now.
    expect(imported)
      .to.match(/\b1 key\b/)
      .and.to.contain(join(directory, "new", "validator"));
  });

  it("moves the history of at least one key: a follower's directory or file is the wrong one", async () => {
    await using("follower", async () => undefined);
    expect(await code(run("export", "follower"))).to.equal(WiringErrorCode.NO_DATA_DIRECTORY);
    await sign("old", 7, 1);
    await run("export", "old");
    const { metadata } = JSON.parse(await readFile(join(directory, "history.json"), "utf8")) as { metadata: object };
    await writeFile(join(directory, "nobody.json"), JSON.stringify({ metadata, data: [] }));
    expect(await code(run("import", "new", "nobody.json"))).to.equal(WiringErrorCode.PROTECTION_FILE);
  });

  it("refuses a file of another deployment at the same address, and leaves no data behind", async () => {
    await sign("old", 7, 1);
    await run("export", "old");
    const other = { ...deployment, rollupVersion: deployment.rollupVersion + 1n };
    await writeFile(join(directory, "other.json"), encodeDeployment(other));
    const file = join(directory, "history.json");
    const intoOther = runProtectionCommand({ verb: "import", file }, settings("new", "other.json"));
    expect(await code(intoOther)).to.equal(ValidatorErrorCode.PROTECTION_FOREIGN);
    expect(existsSync(join(directory, "new"))).to.equal(false);
    expect(await code(run("import", "new"))).to.equal("none");
  });

  it("takes a file of an older release, without the deployment's version, and names another format", async () => {
    await sign("old", 7, 1);
    await run("export", "old");
    const text = await readFile(join(directory, "history.json"), "utf8");
    await writeFile(join(directory, "older.json"), text.replace(/,\s*"rollup_version": "\d+"/, ""));
    expect(await readFile(join(directory, "older.json"), "utf8")).to.not.contain("rollup_version");
    expect(await code(run("import", "new", "older.json"))).to.equal("none");
    await writeFile(join(directory, "newer.json"), text.replace('format_version": "1"', 'format_version": "2"'));
    const refusal: unknown = await run("import", "new", "newer.json").catch((error: unknown) => error);
    expect(refusal).to.have.property("code", WiringErrorCode.PROTECTION_FILE);
    expect(refusal).to.have.property("message").that.contains("version 2");
  });

  it("works on a stopped node only", async () => {
    expect(await using("old", () => code(run("export", "old")))).to.equal(StorageErrorCode.LOCKED);
  });

  it("refuses what is not an export, and one of another deployment", async () => {
    await writeFile(join(directory, "no.json"), "{");
    expect(await code(run("import", "new", "no.json"))).to.equal(WiringErrorCode.PROTECTION_FILE);
    await writeFile(join(directory, "empty.json"), "{}");
    expect(await code(run("import", "new", "empty.json"))).to.equal(ValidatorErrorCode.PROTECTION_CORRUPT);
    await sign("old", 7, 1);
    await run("export", "old");
    const [from, to] = [deployment.contracts.rollup, fakeAddresses(9)[8]!];
    const text = await readFile(join(directory, "history.json"), "utf8");
    await writeFile(join(directory, "foreign.json"), text.replaceAll(from, to));
    expect(await code(run("import", "new", "foreign.json"))).to.equal(ValidatorErrorCode.PROTECTION_FOREIGN);
  });

  it("is told apart from a node's settings, and takes them after its own arguments", () => {
    expect(protectionCommandOf(["--node", "--data-directory", "x"])).to.equal(undefined);
    expect(protectionCommandOf(["slashing-protection", "export", "a.json", "--data-directory", "x"])).to.deep.equal({
      command: { verb: "export", file: "a.json" },
      rest: ["--data-directory", "x"],
    });
    for (const args of [[], ["exprot", "a.json"], ["import"], ["import", "--data-directory", "x"]])
      expect(() => protectionCommandOf(["slashing-protection", ...args]))
        .to.throw(CodedError)
        .with.property("code", WiringErrorCode.PROTECTION_COMMAND);
  });

  it("says with --help, wherever that stands, what it takes; a file may have that name", () => {
    for (const args of [["--help"], ["-h"], ["help"], ["export", "--help"], ["import", "a.json", "--help"]]) {
      const help = protectionHelpOf(["slashing-protection", ...args]);
      for (const part of ["export FILE", "import FILE", "--data-directory", "--deployment-file", "--bootnode-url"])
        expect(help, args.join(" ")).to.contain(part);
    }
    for (const args of [["--help"], ["--node", "--help"], ["slashing-protection", "export", "help"]])
      expect(protectionHelpOf(args)).to.equal(undefined);
  });
});

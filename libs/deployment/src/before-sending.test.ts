import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Devnet, startDevnet } from "@sprtn/l1-client/devnet";
import { BlockNumber, type Bytes32, codeOf, Field, Slot, UnixSeconds, Wei, ZERO_ADDRESS } from "@sprtn/primitives";
import { buildDeployment } from "@sprtn/testing";
import { expect } from "chai";
import { deploy } from "./deploy.js";
import type { DeployRequest } from "./deploy-request.js";
import { decodeDeployment, encodeDeployment } from "./deployment-codec.js";
import { DeploymentErrorCode } from "./deployment-error.js";
import { readDeploymentFile } from "./deployment-file.js";
import { L1Requests } from "./l1-requests.js";
import { FAUCET_CAP } from "./planned-step.js";
import { addressOf, dependenciesAt, genesisAt, keyOf, parameters, requestOf } from "./testing/deploy-fixture.js";

const { BAD_PARAMETERS, FILE_ACCESS, FILE_TAKEN, INSUFFICIENT_BALANCE } = DeploymentErrorCode;
const [one, two] = [addressOf(1), addressOf(2)];
const none = Wei(0n);
const signed = { signers: [one, two], threshold: 2, keys: [keyOf(1), keyOf(2)] };
const noKey = `0x${"00".repeat(32)}` as Bytes32;
const spoiledGenesis = (change: object) => (genesisTime: UnixSeconds) => {
  const { header, archive } = genesisAt(genesisTime);
  return { header: { ...header, ...change }, archive };
};

const refused: Readonly<Record<string, Partial<DeployRequest>>> = {
  "a name that the deployment file does not take": { name: "n".repeat(201) },
  "a validator that is there twice": { validators: [one, two, one] },
  "a validator that is the zero address": { validators: [ZERO_ADDRESS] },
  "more signatures than Teocalli has signers": { teocalli: { ...signed, threshold: 3 }, rewardsAllocation: none },
  "a threshold of 0": { teocalli: { ...signed, threshold: 0 }, rewardsAllocation: none },
  "no signers": { teocalli: { signers: [], threshold: 1, keys: [] }, rewardsAllocation: none },
  "a signer that is there twice": { teocalli: { ...signed, signers: [one, two, one] } },
  "a signer that is the zero address": { teocalli: { ...signed, signers: [one, two, ZERO_ADDRESS] } },
  "one signer's key given twice": { teocalli: { ...signed, keys: [keyOf(1), keyOf(1)] } },
  "a signer's key that is none": { teocalli: { ...signed, keys: [noKey, keyOf(1)] } },
  "a deployer's key that is none": { deployerKey: noKey },
  "keys of too few signers for what the faucet does not give": {
    teocalli: { ...signed, keys: [keyOf(1)] },
    rewardsAllocation: none,
    mint: [{ recipient: one, amount: Wei(FAUCET_CAP + 1n) }],
  },
  "more for the rewards than can be minted": { rewardsAllocation: Wei(2n ** 128n) },
  "more for somebody than can be minted": { mint: [{ recipient: one, amount: Wei(2n ** 128n) }] },
  "tokens for the zero address": { mint: [{ recipient: ZERO_ADDRESS, amount: Wei(1n) }] },
  "a genesis long ago": { parameters: { ...parameters, genesisTime: UnixSeconds(1) } },
  "a block 0 that is not the first": { genesis: spoiledGenesis({ number: BlockNumber(1) }) },
  "a block 0 of a later slot": { genesis: spoiledGenesis({ slot: Slot(1) }) },
  "a block 0 with fees for somebody": { genesis: spoiledGenesis({ coinbase: one }) },
  "a block 0 with transactions": { genesis: spoiledGenesis({ txCount: 1 }) },
  "a key tree that is no field": { keyTreeRoot: (2n ** 255n) as Field },
};

describe("deploy, before it sends anything", () => {
  let devnet: Devnet;
  let l1: L1Requests;
  let directory: string;
  let account = 9;

  before(async () => {
    devnet = await startDevnet({ accounts: 80 });
    l1 = await L1Requests.connect(devnet.url);
  });
  beforeEach(async () => {
    account++;
    directory = await mkdtemp(join(tmpdir(), "before-sending-"));
  });
  afterEach(() => rm(directory, { recursive: true }));
  after(async () => {
    l1.close();
    await devnet.stop();
  });

  const run = (change: Partial<DeployRequest> = {}) => deploy(dependenciesAt(devnet), requestOf(account, change));
  const at = (name: string) => join(directory, name);
  const nonce = () => l1.number("eth_getTransactionCount", addressOf(account), "latest");
  const refusal = async (change: Partial<DeployRequest>) => {
    const before = await nonce();
    const code = await run(change).then(() => "deployed", codeOf);
    expect(await nonce(), "transactions").to.equal(before);
    return code;
  };

  for (const [what, change] of Object.entries(refused))
    it(`refuses ${what}, and leaves no journal that the corrected one would not fit`, async () => {
      expect(await refusal({ ...change, journalPath: at("journal") })).to.equal(BAD_PARAMETERS);
      expect(await readdir(directory)).to.deep.equal([]);
    });

  it("takes what is only just possible", async () => {
    const latest = await l1.ask("eth_getBlockByNumber", ["latest", false], block =>
      Number((block as { readonly timestamp: string }).timestamp),
    );
    const { slotDuration, epochDuration } = parameters;
    // Seconds for the blocks of other tests.
    const genesisTime = UnixSeconds(latest - slotDuration * epochDuration + 2);
    const deployment = await run({
      name: "n".repeat(200),
      parameters: { ...parameters, genesisTime },
      teocalli: signed,
      validators: [],
      rewardsAllocation: Wei(2n ** 128n - 1n),
    });
    expect(decodeDeployment(encodeDeployment(deployment))).to.deep.equal(deployment);
  });

  it("has gas for the signatures of as many signers as Teocalli may have", async () => {
    const indices = Array.from({ length: 64 }, (_, index) => index + 1);
    const teocalli = { signers: indices.map(addressOf), threshold: 64, keys: indices.map(keyOf) };
    const { contracts } = await run({ teocalli });
    expect(contracts.teocalli).to.not.equal(ZERO_ADDRESS);
  });

  it("leaves no journal where the balance is too small, so that a smaller deployment can follow", async () => {
    const journalPath = at("journal");
    await devnet.setBalance(addressOf(account), 10n ** 15n);
    expect(await refusal({ journalPath })).to.equal(INSUFFICIENT_BALANCE);
    expect(await readdir(directory)).to.deep.equal([]);
    await devnet.setBalance(addressOf(account), 10n ** 20n);
    await run({ journalPath, rewardsAllocation: none });
  });

  it("takes a journal without steps for none", async () => {
    await writeFile(at("journal"), JSON.stringify({ plan: `0x${"11".repeat(32)}`, genesisTime: 1, steps: {} }));
    const deployment = await run({ journalPath: at("journal") });
    expect(deployment.parameters.genesisTime).to.be.greaterThan(1);
  });

  it("refuses a place where the deployment file cannot be written", async () => {
    await mkdir(at("folder"));
    await writeFile(at("file"), "");
    const server = createServer().listen(at("socket")).unref();
    for (const name of ["folder", "folder/", "missing/file", "file/file", "socket"])
      expect(await refusal({ filePath: `${directory}/${name}` }), name).to.equal(FILE_ACCESS);
    expect((await stat(at("socket"))).isSocket()).to.equal(true);
    expect((await readdir(directory)).toSorted()).to.deep.equal(["file", "folder", "socket"]);
    expect(await refusal({ journalPath: at("socket") })).to.equal(FILE_ACCESS);
    server.close();
  });

  it("refuses to write over anything but an empty file", async () => {
    for (const text of [encodeDeployment(buildDeployment()), "notes", "{}"]) {
      await writeFile(at("file"), text);
      expect(await refusal({ filePath: at("file"), journalPath: at("journal") })).to.equal(FILE_TAKEN);
      expect(await readFile(at("file"), "utf8")).to.equal(text);
    }
    await writeFile(at("file"), "");
    expect(await readDeploymentFile((await run({ filePath: at("file") })) && at("file"))).to.have.property("name");
  });

  it("writes the file again with the journal beside it, and no file of other contracts", async () => {
    const place = { filePath: at("file"), journalPath: at("journal") };
    const deployment = await run(place);
    expect(await readDeploymentFile(at("file"))).to.deep.equal(deployment);
    expect(await run(place)).to.deep.equal(deployment);
    await writeFile(
      at("file"),
      encodeDeployment({ ...deployment, contracts: { ...deployment.contracts, inbox: one } }),
    );
    expect(await refusal(place)).to.equal(FILE_TAKEN);
    await rm(at("file"));
    await run(place);
    expect(await readDeploymentFile(at("file"))).to.deep.equal(deployment);
    await rm(at("journal"));
    expect(await refusal(place)).to.equal(FILE_TAKEN);
    expect((await readdir(directory)).toSorted()).to.deep.equal(["file"]);
  });

  it("refuses a journal and a file that would overwrite each other", async () => {
    await mkdir(at("real"));
    await symlink(at("real"), at("other"));
    for (const [filePath, journalPath] of [
      ["x", "x"],
      ["x", "./y/../x"],
      ["x", "x.new"],
      ["x.new", "x"],
      ["real/x", "other/x"],
    ] as const)
      expect(
        await refusal({ filePath: at(filePath), journalPath: `${directory}/${journalPath}` }),
        `${filePath} ${journalPath}`,
      ).to.equal(BAD_PARAMETERS);
  });
});

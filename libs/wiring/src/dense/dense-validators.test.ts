import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploy, presets, withDerived } from "@sprtn/deployment";
import { PrivateKeySigner, privateKeyFrom } from "@sprtn/l1-client";
import { type Devnet, DEVNET_MNEMONIC, startDevnet } from "@sprtn/l1-client/devnet";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import type { ChainEvent } from "@sprtn/ports";
import { jsFieldHasher, Seconds, UnixSeconds } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { createNodeClient } from "@sprtn/rpc";
import { MemoryLogger } from "@sprtn/testing";
import { KeyTree } from "@sprtn/state-transition/circuits";
import { expect } from "chai";
import { genesisOf, type WiringError } from "../index.js";
import { testSettings } from "../test/test-settings.js";
import { createDenseValidators } from "./create-dense-validators.js";

const VALIDATORS = 6;
const FIRST_KEY = 1;
/** Of a committee of four. */
const QUORUM = 3;

const isOnly = (address: string) => (keys: readonly string[]) => keys.every(key => key === address);

describe("validators of one process on a chain that they share", () => {
  let devnet: Devnet;
  let deployment: Deployment;
  let directory: string;
  const logger = new MemoryLogger();
  const resources = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "dense-"));
    devnet = await startDevnet({ blockTimeSeconds: 1, slotsInAnEpoch: 2, accounts: FIRST_KEY + VALIDATORS });
    const parameters = {
      ...withDerived({ ...presets.local.parameters, slotDuration: Seconds(4), epochDuration: 4, committeeSize: 4 }),
      genesisTime: UnixSeconds(Math.floor(Date.now() / 1000) + 2),
    };
    const keyOf = (index: number) => privateKeyFrom({ mnemonic: DEVNET_MNEMONIC, index });
    deployment = await deploy(
      { url: devnet.url, clock: systemClock, logger },
      {
        name: "test-dense",
        deployerKey: keyOf(0),
        parameters,
        validators: Array.from(
          { length: VALIDATORS },
          (_, i) => new PrivateKeySigner({}, { privateKey: keyOf(FIRST_KEY + i) }).address,
        ),
        genesis: genesisOf(jsFieldHasher, parameters),
        keyTreeRoot: KeyTree.simulated(jsFieldHasher).root(),
        crs: null,
      },
    );
  });

  after(async () => {
    await devnet.stop();
    await rm(directory, { recursive: true });
  });

  const create = (env: Readonly<Record<string, string>> = {}, first = 0) => {
    const settings = testSettings({
      ETHEREUM_HOST: devnet.url,
      DATA_DIRECTORY: directory,
      MNEMONIC: DEVNET_MNEMONIC,
      MNEMONIC_INDEX: String(FIRST_KEY - first),
      P2P_DISCOVERY: "false",
      P2P_TCP_LISTEN_ADDR: "127.0.0.1:0",
      ARCHIVER_POLLING_INTERVAL_MS: "200",
      L1_POLLING_INTERVAL: "100",
      VALIDATOR_ATTESTATIONS_POLLING_INTERVAL_MS: "50",
      SEQ_MIN_TX_PER_BLOCK: "0",
      ...env,
    });
    return createDenseValidators(
      resources,
      { proverUrl: undefined, dense: { first, last: first + VALIDATORS - 1 } },
      { name: "v", version: "0", roles: new Set(["node", "sequencer"] as const), deployment, settings },
    );
  };

  it("build blocks that reach a quorum, remember what they signed, and go on after a restart", async () => {
    let tip = 0;
    let attestedBefore = 0;
    // The keys of the second run are those of the first, under other numbers.
    for (const [first, run] of ["first", "second"].entries()) {
      const dense = create({}, first);
      try {
        await dense.start(new AbortController().signal);
        const { archiver } = dense.nodes[0]!.parts.chain;
        expect(archiver.tips().pending.number, run).to.be.at.least(tip);
        const { promise, resolve } = Promise.withResolvers<void>();
        const listen = (event: ChainEvent) => {
          if (event.type === "blocks-added" && archiver.tips().pending.number >= tip + 2) resolve();
        };
        archiver.subscribe(listen);
        await promise;
        tip = archiver.tips().pending.number;
        const info = await createNodeClient(dense.rpcUrl(), { hasher: jsFieldHasher }).getNodeInfo();
        expect(info.roles).to.include("sequencer");
        // It answers for all of them.
        const ready = async () => (await fetch(`${dense.rpcUrl()}/ready`)).json() as Promise<{ reason?: string }>;
        expect(await ready()).to.not.have.property("reason");
        const watch = dense.nodes[2]!.parts.key!.ownKeyWatch;
        Object.assign(watch, { alarm: () => ({ code: "VALIDATOR_KEY_USED_ELSEWHERE", reason: "stop one" }) });
        expect((await ready()).reason).to.equal(`v-${first + 2}: stop one`);
        // Each has a record of its own, and the second run knows what the first has signed.
        const signed: number[] = [];
        for (const { parts } of dense.nodes) {
          const { protection, signer } = parts.key!;
          expect(await protection.keys())
            .to.be.an("array")
            .that.satisfies(isOnly(signer.address));
          signed.push((await protection.export(signer.address, "Attestation")).records.length);
        }
        const attested = signed.reduce((sum, count) => sum + count, 0);
        expect(attested, run).to.be.at.least(attestedBefore + 2 * QUORUM);
        attestedBefore = attested;
      } finally {
        await dense.stop();
      }
    }
    expect(logger.lines("error")).to.deep.equal([]);
  });

  it("do not start where a node without DENSE has its record of signatures", async () => {
    const data = join(directory, "other");
    await mkdir(join(data, "validator"), { recursive: true });
    const dense = create({ DATA_DIRECTORY: data });
    const error = await dense.start(new AbortController().signal).catch((cause: unknown) => cause);
    expect((error as WiringError).code).to.equal("WIRING_OTHER_RECORD");
  });

  it("warn where what they sign is not remembered", () => {
    const before = logger.lines("warn").length;
    create();
    expect(logger.lines("warn")).to.have.length(before);
    create({ DATA_DIRECTORY: "" });
    const [warning, ...more] = logger.lines("warn").slice(before);
    expect(warning?.fields?.code).to.equal("VALIDATOR_PROTECTION_IN_MEMORY");
    expect(more).to.deep.equal([]);
  });

  it("take their keys from a mnemonic", () => {
    expect(() => create({ MNEMONIC: "", SEQ_PUBLISHER_PRIVATE_KEY: `0x${"01".repeat(32)}` }))
      .to.throw()
      .that.satisfies((error: WiringError) => error.code === "WIRING_KEY_MISSING");
  });
});

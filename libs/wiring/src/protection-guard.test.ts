import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slotAt } from "@sprtn/consensus";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { Bytes32, type CodedError, jsFieldHasher, Slot, UnixSeconds } from "@sprtn/primitives";
import { buildDeployment, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { createNode, createProofSystem, genesisOf } from "./index.js";
import { testSettings } from "./test/test-settings.js";

describe("SIGN-1: a validator's data directory without its record of signatures", () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), "sprtn-protection-"))));
  afterEach(async () => rm(directory, { recursive: true }));

  async function open() {
    const logger = new MemoryLogger();
    const process = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger };
    const settings = testSettings({ DATA_DIRECTORY: directory, P2P_ENABLED: "false" });
    const base = buildDeployment({ name: "test-wiring" });
    const { header, archive } = genesisOf(jsFieldHasher, base.parameters);
    const deployment = { ...base, genesis: { header, archive } };
    const proofs = await createProofSystem(process, settings.circuits, null);
    const node = await createNode(
      { ...process, meter: new RecordingMeter(), proofs },
      {
        name: "node",
        version: "0",
        roles: new Set(["sequencer"] as const),
        deployment,
        settings,
        validatorKey: Bytes32(`0x${"01".repeat(32)}`),
      },
    );
    const current = slotAt(deployment.parameters, UnixSeconds(Math.floor(systemClock.nowMs() / 1000)));
    const sign = (slot: number) =>
      node.parts
        .key!.protection.record(node.parts.key!.signer.address, "Attestation", {
          slot: Slot(slot),
          digest: Bytes32(`0x${"02".repeat(32)}`),
        })
        .then(
          () => "signed",
          (error: CodedError) => error.code,
        );
    const warned = logger.lines("warn").map(line => line.fields["code"]);
    return { node, current, sign, warned };
  }

  it("signs for later slots only, and says so; a new directory and a whole one sign at once", async () => {
    const first = await open();
    expect(first.warned).to.deep.equal([]);
    expect(await first.sign(first.current)).to.equal("signed");
    await first.node.parts.stores.p2p.write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(1) }]);
    await first.node.stop();

    const whole = await open();
    expect(whole.warned).to.deep.equal([]);
    expect(await whole.sign(whole.current + 1)).to.equal("signed");
    await whole.node.stop();

    await rm(join(directory, "validator"), { recursive: true });
    const lost = await open();
    expect(lost.warned).to.deep.equal(["VALIDATOR_PROTECTION_MISSING"]);
    expect(await lost.sign(lost.current)).to.equal("VALIDATOR_WOULD_EQUIVOCATE");
    expect(await lost.sign(lost.current + 3)).to.equal("signed");
    await lost.node.stop();
  });

  it("is told from one of a validator that no committee has called yet", async () => {
    const first = await open();
    await first.node.parts.stores.p2p.write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(1) }]);
    await first.node.stop();

    const idle = await open();
    expect(idle.warned).to.deep.equal([]);
    expect(await idle.sign(idle.current)).to.equal("signed");
    await idle.node.stop();

    await rm(join(directory, "validator"), { recursive: true });
    const lost = await open();
    expect(lost.warned).to.deep.equal(["VALIDATOR_PROTECTION_MISSING"]);
    await lost.node.stop();
  });
});

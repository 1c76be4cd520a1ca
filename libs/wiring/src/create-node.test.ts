import { PrivateKeySigner } from "@sprtn/l1-client";
import { systemClock, systemRandom } from "@sprtn/observability/system";
import { readCircuitKeys, keyTreeOf } from "@sprtn/circuits-client/keys";
import { Bytes32, type CodedError, Field, jsFieldHasher } from "@sprtn/primitives";
import type { Deployment } from "@sprtn/protocol";
import { buildDeployment, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import {
  createNode,
  createProofSystem,
  genesisOf,
  type NodeOptions,
  openProofSystem,
  type ProofSystem,
  type Role,
  WiringErrorCode,
} from "./index.js";
import { testSettings } from "./test/test-settings.js";

const process = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger: new MemoryLogger() };
const key = Bytes32(`0x${"01".repeat(32)}`);

function options(
  roles: readonly Role[],
  change: Partial<NodeOptions> = {},
  env: Record<string, string> = {},
): NodeOptions {
  const base = buildDeployment({ name: "test-wiring" });
  const genesis = genesisOf(jsFieldHasher, base.parameters);
  const deployment: Deployment = { ...base, genesis: { header: genesis.header, archive: genesis.archive } };
  return {
    name: "node",
    version: "0",
    roles: new Set(roles),
    deployment,
    settings: testSettings(env),
    validatorKey: key,
    proverKey: key,
    ...change,
  };
}

describe("a node's assembly", () => {
  let proofs: ProofSystem;
  before(async () => {
    proofs = await createProofSystem(process, testSettings().circuits, null);
  });

  const create = (nodeOptions: NodeOptions) =>
    createNode({ ...process, meter: new RecordingMeter(), proofs }, nodeOptions);

  for (const roles of [
    ["node"],
    ["node", "sequencer"],
    ["node", "prover-node"],
    ["node", "sequencer", "prover-node"],
  ] as const satisfies readonly (readonly Role[])[]) {
    it(`has the parts of ${roles.join(" + ")}`, async () => {
      const node = await create(options(roles));
      try {
        const { sequencer, prover, key: signingKey, validator, coordinator } = node.parts;
        const expected = (role: Role) => (roles as readonly Role[]).includes(role);
        for (const part of [sequencer, signingKey, validator.blockSigner])
          expect(part !== undefined).to.equal(expected("sequencer"));
        for (const part of [prover, prover?.agent]) expect(part !== undefined).to.equal(expected("prover-node"));
        expect(coordinator !== undefined).to.equal(expected("sequencer") && expected("prover-node"));
      } finally {
        await node.stop();
      }
    });
  }

  it("sends with each L1 key through one queue, whatever the roles", async () => {
    const node = await create(options(["sequencer", "prover-node"]));
    const signer = (text: string) => new PrivateKeySigner({}, { privateKey: Bytes32(`0x${text.repeat(32)}`) });
    try {
      const { senders } = node.l1;
      expect(senders.of(signer("01"))).to.equal(senders.of(signer("01")));
      expect(senders.of(signer("01")).address).to.equal(node.parts.sequencer?.publisher.address);
      expect(senders.of(signer("02"))).to.not.equal(senders.of(signer("01")));
    } finally {
      await node.stop();
    }
  });

  it("signs nothing as a validator that is disabled, and keeps its record", async () => {
    const node = await create(options(["sequencer"], {}, { VALIDATOR_DISABLED: "true" }));
    try {
      expect(node.parts.validator.blockSigner).to.equal(undefined);
      expect(node.parts.sequencer).to.equal(undefined);
    } finally {
      await node.stop();
    }
  });

  it("runs without peers when P2P is off", async () => {
    const node = await create(options(["node"], {}, { P2P_ENABLED: "false" }));
    const { requests } = node.parts.network;
    expect(requests.peers()).to.deep.equal([]);
    expect(
      (await requests
        .request("a", { protocol: "txs", data: new Uint8Array() })
        .catch((error: CodedError) => error)) as CodedError,
    ).to.include({ code: WiringErrorCode.NO_NETWORK });
    await node.stop();
  });

  const refusal = async (nodeOptions: NodeOptions) => {
    const outcome = await create(nodeOptions).catch((error: CodedError) => error);
    if ("stop" in outcome) await outcome.stop();
    return (outcome as CodedError).code;
  };
  const without = (name: "validatorKey" | "proverKey", roles: readonly Role[]) => {
    const { [name]: _, ...rest } = options(roles);
    return rest;
  };

  it("a role without its key is refused", async () => {
    expect(await refusal(without("validatorKey", ["sequencer"]))).to.equal(WiringErrorCode.KEY_MISSING);
    expect(await refusal(without("proverKey", ["prover-node"]))).to.equal(WiringErrorCode.KEY_MISSING);
  });

  it("byz.1–3: faults are refused on a network that is not a test network", async () => {
    for (const fault of ["invalid-proposals", "withhold-attestations", "offline"]) {
      const faulty = options(["sequencer"], {}, { TEST_FAULTS: fault });
      expect(await refusal({ ...faulty, deployment: { ...faulty.deployment, name: "sprtn" } })).to.equal(
        WiringErrorCode.FAULT_REFUSED,
      );
      expect(await refusal(faulty)).to.equal(undefined);
    }
  });

  it("PROV-6: proofs are those that the deployment's verifier takes, under its keys", async () => {
    const open = (settings: Record<string, string>, deployment: Pick<Deployment, "crs" | "keyTreeRoot">) =>
      openProofSystem(process, testSettings(settings).circuits, deployment).then(
        async system => {
          await system.close();
          return system.backend.mode;
        },
        (error: CodedError) => error.code,
      );
    const simulated = { crs: null, keyTreeRoot: proofs.keys.root() };
    expect(await open({}, simulated)).to.equal("simulated");
    expect(await open({ PROVER_REAL_PROOFS: "false" }, simulated)).to.equal("simulated");
    expect(await open({ PROVER_REAL_PROOFS: "true" }, simulated)).to.equal(WiringErrorCode.WRONG_PROOF_MODE);
    const real = { crs: "dev", keyTreeRoot: keyTreeOf(jsFieldHasher, await readCircuitKeys("dev")).root() } as const;
    expect(await open({}, real)).to.equal("real");
    expect(await open({ PROVER_REAL_PROOFS: "false" }, real)).to.equal(WiringErrorCode.WRONG_PROOF_MODE);
    expect(await open({}, { ...real, keyTreeRoot: Field(1) })).to.equal(WiringErrorCode.OTHER_KEYS);
    expect(await open({}, { crs: "ignition", keyTreeRoot: real.keyTreeRoot })).to.equal("KEYS_MISSING");
  });
});

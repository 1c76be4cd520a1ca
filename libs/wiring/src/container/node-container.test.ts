import { systemClock, systemRandom } from "@sprtn/observability/system";
import type { L1Time, ProofBackend } from "@sprtn/ports";
import { Bytes32, type CodedError, EthAddress, Field, jsFieldHasher, Slot } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { buildDeployment, FakeL1, FakeRollup, FakeSigner, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import {
  createNode,
  createNodeContainer,
  createProofSystem,
  genesisOf,
  type NodeEnvironment,
  type NodeOptions,
  assembleNode,
  ports,
  type ReplacePorts,
  type Role,
  WiringErrorCode,
} from "../index.js";
import { testSettings } from "../test/test-settings.js";

const process = { clock: systemClock, random: systemRandom, hasher: jsFieldHasher, logger: new MemoryLogger() };
const key = Bytes32(`0x${"01".repeat(32)}`);
const base = buildDeployment({ name: "test-container" });
const { header, archive } = genesisOf(jsFieldHasher, base.parameters);
const deployment = { ...base, genesis: { header, archive } };

function options(roles: readonly Role[], replacePorts?: ReplacePorts): NodeOptions {
  const settings = testSettings({ P2P_ENABLED: "false", FEE_RECIPIENT: `0x${"00".repeat(31)}07` });
  return { name: "node", version: "0", roles: new Set(roles), deployment, settings, replacePorts };
}

describe("a node's container", () => {
  let environment: NodeEnvironment;
  before(async () => {
    const proofs = await createProofSystem(process, testSettings().circuits, null);
    environment = { ...process, meter: new RecordingMeter(), proofs };
  });
  const create = (roles: readonly Role[], replacePorts?: ReplacePorts) =>
    createNode(environment, options(roles, replacePorts));

  it("has each token bound, and makes what it holds once", () => {
    const keys = { validatorKey: key, proverKey: key };
    const { get, container } = createNodeContainer(environment, { ...options([]), ...keys });
    for (const [name, token] of Object.entries(ports)) {
      expect(container.isRegistered(token.symbol, true), name).to.equal(true);
      expect(get<unknown>(token), name).to.equal(get<unknown>(token));
    }
  });

  it("has no token that nothing reads", async () => {
    const read = new Set<string>();
    const noted: ReplacePorts = ({ bind, original }) => {
      for (const [name, token] of Object.entries(ports))
        bind<unknown>(token, () => {
          read.add(name);
          return original<unknown>(token);
        });
    };
    const roles = ["sequencer", "prover-node"] as const;
    const node = await createNode(environment, { ...options(roles, noted), validatorKey: key, proverKey: key });
    await node.stop();
    const unread = Object.keys(ports).filter(name => !read.has(name));
    // A node with its own prover asks no other.
    expect(unread).to.deep.equal(["remoteProver"]);
    await (await createNode(environment, { ...options(["sequencer"], noted), validatorKey: key })).stop();
    expect(read).to.include("remoteProver");
  });

  it("follows L1 by an importer's own reader, and L1's time by the heads that it gives", async () => {
    const { l1 } = new FakeRollup(new FakeL1({ blockSeconds: 12 }), deployment);
    const clock = new ManualClock();
    let heads: (() => L1Time) | undefined;
    const node = await createNode(
      { ...environment, clock },
      options(["node"], ({ bind, original }) => {
        bind(ports.l1, () => l1);
        heads = () => original(ports.heads);
      }),
    );
    const { archiver } = node.parts.chain;
    const life = new AbortController();
    try {
      await archiver.start(life.signal);
      l1.mine();
      await archiver.poll();
      expect(archiver.synced(), JSON.stringify(archiver.trouble())).to.equal(true);
      expect(heads?.().head()).to.deep.equal(await l1.head());
    } finally {
      life.abort();
      await archiver.stop();
      await node.stop();
    }
  });

  it("signs blocks and L1 transactions with an importer's own signer, without any key in the settings", async () => {
    const signer = new FakeSigner(EthAddress(`0x${"0a".repeat(20)}`));
    const node = await create(["sequencer"], ({ bind }) => bind(ports.signer, () => signer));
    try {
      expect(node.parts.validator.blockSigner?.address).to.equal(signer.address);
      expect(node.parts.sequencer?.publisher.address).to.equal(signer.address);
      const payload = { headerHash: Field(1), archive: Field(2), txsHash: Bytes32(`0x${"03".repeat(32)}`) };
      await node.parts.validator.blockSigner?.signProposal(Slot(1), payload);
      expect(signer.signed).to.have.length(1);
    } finally {
      await node.stop();
    }
  });

  it("asks whose the tips are when an own signer shows no key to derive a wallet from", async () => {
    const signer = new FakeSigner(EthAddress(`0x${"0a".repeat(20)}`));
    const { settings, ...rest } = options(["sequencer"], ({ bind }) => bind(ports.signer, () => signer));
    const withoutRecipient = { ...settings, sequencer: { ...settings.sequencer, feeRecipient: undefined } };
    const refusal = await createNode(environment, { ...rest, settings: withoutRecipient }).catch(
      (error: CodedError) => error,
    );
    expect(refusal).to.include({ code: WiringErrorCode.KEY_MISSING });
  });

  it("checks proofs with an importer's own backend, which may wrap the one it replaces", async () => {
    const checked: string[] = [];
    const node = await create(["node"], ({ bind, original }) =>
      bind(ports.openProofs, () => async () => {
        const system = await original(ports.openProofs)();
        const backend: ProofBackend = {
          mode: system.backend.mode,
          prove: (...job) => system.backend.prove(...job),
          verify: async proof => {
            checked.push(proof.circuit);
            return false;
          },
        };
        return { ...system, backend };
      }),
    );
    try {
      const { backend } = node.parts.proofs;
      expect(await backend.verify({ circuit: "transfer", publicInputs: [], bytes: new Uint8Array() })).to.equal(false);
      expect(checked).to.deep.equal(["transfer"]);
    } finally {
      await node.stop();
    }
  });

  it("is not needed: the same node is put together from ports of any make", async () => {
    const { ports: made } = createNodeContainer(environment, options(["node"]));
    const node = await assembleNode(made, options(["node"]));
    expect(node.parts.chain.archiver.tips().pending.number).to.equal(0);
    await node.stop();
  });
});

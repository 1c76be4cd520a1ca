import { SimulatedBackend } from "@sprtn/circuits-client";
import { L1Heads } from "@sprtn/l1-client";
import { BlockNumber, Bytes32, type Epoch, EthAddress, jsFieldHasher } from "@sprtn/primitives";
import { decodeHeader, decodeTx, type Deployment, inHashOf } from "@sprtn/protocol";
import { Broker, expectedPublicInputs } from "@sprtn/prover";
import { ManualClock } from "@sprtn/runtime";
import { KeyTree } from "@sprtn/state-transition/circuits";
import {
  buildDeployment,
  FakeKvStore,
  FakeL1,
  FakePublisher,
  fakeRecovery,
  FakeSigner,
  MemoryJournal,
  MemoryLogger,
  NetworkHub,
  RecordingMeter,
  SeededRandom,
} from "@sprtn/testing";
import { executeHere } from "@sprtn/validator";
import { assembleChain } from "../assemble/chain.js";
import { type AssembledNode, assembleNode, genesisOf, type NodeOptions, type NodePorts } from "../index.js";
import { testSettings } from "./test-settings.js";

const L1_SLOT_SECONDS = 2;
const LEASE_MS = 60_000;

/**
 * One validator and prover node of a network of its own, on ports of a simulator's kind: a clock that is advanced by
 * hand, an L1 by script that takes what is sent to it, stores and peers in memory.
 */
export class SimulatedNode {
  readonly clock: ManualClock;
  readonly l1: FakeL1;
  readonly logger = new MemoryLogger();
  readonly address = EthAddress(`0x${"0a".repeat(20)}`);
  readonly publisher = new FakePublisher(this.address);
  /** What L1 says of sets and seeds. */
  readonly committeeSource = {
    validatorsAt: async (_epoch: Epoch): Promise<readonly EthAddress[]> => [this.address],
    seedOf: async (_epoch: Epoch) => Bytes32(`0x${"5e".repeat(32)}`),
  };
  readonly deployment: Deployment;
  node!: AssembledNode;
  readonly #life = new AbortController();
  #tip: { number: number; archive: Deployment["genesis"]["archive"] };
  #proven = 0;

  constructor() {
    const base = buildDeployment({ name: "test-node" });
    const parameters = { ...base.parameters, committeeSize: 1, provingRight: "open" as const };
    const genesis = genesisOf(jsFieldHasher, parameters);
    this.deployment = {
      ...base,
      parameters,
      genesis: { header: genesis.header, archive: genesis.archive },
      l1StartBlock: 0,
      keyTreeRoot: KeyTree.simulated(jsFieldHasher).root(),
    };
    this.#tip = { number: 0, archive: genesis.archive };
    this.clock = new ManualClock(1000 * parameters.genesisTime);
    this.l1 = new FakeL1({ genesisTime: parameters.genesisTime, blockSeconds: L1_SLOT_SECONDS });
    this.l1.contracts = () => ({
      pending: BlockNumber(this.#tip.number),
      proven: BlockNumber(this.#proven),
      archive: this.#tip.archive,
      inHashes: Array.from({ length: 3 }, () => inHashOf([])),
    });
    this.publisher.onSend = sent => {
      if (sent.method !== "propose") return;
      for (const { header, archive, effects } of sent.blocks) {
        const number = decodeHeader(header).number;
        this.#tip = { number, archive };
        this.l1.mine({ type: "block-proposed", number, header, archive, effects });
      }
    };
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<this> {
    const options: NodeOptions = {
      name: "node",
      version: "0",
      roles: new Set(["sequencer", "prover-node"] as const),
      deployment: this.deployment,
      settings: testSettings({ FEE_RECIPIENT: `0x${"00".repeat(31)}07`, SEQ_MIN_TX_PER_BLOCK: "0", ...env }),
    };
    this.node = await assembleNode(this.#ports(options), options);
    await this.node.start(this.#life.signal);
    return this;
  }

  /** Lets L1 mine at its pace for so long. */
  async run(seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += L1_SLOT_SECONDS) {
      await this.clock.advance(1000 * L1_SLOT_SECONDS);
      const due = (this.clock.nowMs() / 1000 - this.deployment.parameters.genesisTime) / L1_SLOT_SECONDS;
      while (this.l1.headNumber < due) this.l1.mine();
    }
  }

  async stop(): Promise<void> {
    this.#life.abort();
    await this.node.stop();
  }

  #ports({ settings }: Pick<NodeOptions, "settings">): NodePorts {
    const { clock, l1, logger, publisher, address } = this;
    const [hasher, meter, random] = [jsFieldHasher, new RecordingMeter(), new SeededRandom(1)];
    const signer = new FakeSigner(address);
    const backend = new SimulatedBackend({ hasher, clock }, { baseDelayMs: 100 });
    const peer = new NetworkHub().join("node");
    const expected = expectedPublicInputs(hasher);
    const heads = new L1Heads({ clock, logger, meter }, { maxClockSkewSeconds: 5, slotSeconds: L1_SLOT_SECONDS });
    const { committeeSource } = this;
    return {
      clock,
      random,
      hasher,
      logger,
      meter,
      journal: new MemoryJournal(),
      recovery: fakeRecovery,
      l1,
      heads,
      rollup: {
        tips: async () => ({ pending: BlockNumber(this.#tip.number), proven: BlockNumber(this.#proven) }),
        randaoCheckpointed: async () => true,
        isSetUp: async () => true,
        canPrune: async () => false,
      },
      committeeSource,
      openChain: parts =>
        assembleChain({ l1, heads, committeeSource, hasher, clock, logger, meter }, parts, {
          deployment: this.deployment,
          archiver: settings.archiver,
        }),
      executor: executeHere,
      txDecoder: { decode: bytes => decodeTx(hasher, bytes) },
      signer,
      proverSigner: signer,
      publisherOf: () => publisher,
      openStore: async () => new FakeKvStore(),
      openNetwork: () => ({
        gossip: peer,
        requests: peer,
        view: { enr: () => null, peers: () => [] },
        addresses: () => [],
      }),
      openProofs: async () => ({
        backend,
        keys: KeyTree.simulated(hasher),
        prepareProving: () => {},
        close: async () => {},
      }),
      openQueue: async parts => ({
        queue: await Broker.open(
          { ...parts, clock, random, logger, meter, expected },
          { prefix: Uint8Array.of(3), leaseMs: LEASE_MS, attempts: 3, lostLeases: 3 },
        ),
        close: async () => {},
      }),
      remoteProver: undefined,
    };
  }
}

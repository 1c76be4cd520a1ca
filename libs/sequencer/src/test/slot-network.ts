import { EpochCommittees, seedOf, slotStart, timetable } from "@sprtn/consensus";
import { type Epoch, type EthAddress, Field, Slot } from "@sprtn/primitives";
import type { BlockSubmission } from "@sprtn/ports";
import {
  decodeEffects,
  decodeHeader,
  type Deployment,
  domainSeparator,
  hashHeader,
  type L2Block,
  type RollupParameters,
} from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import {
  chainDeployment,
  fakeAddresses,
  FakeChain,
  FakeKvStore,
  FakeL1Time,
  FakePublisher,
  fakeRecovery,
  FakeRollupView,
  FakeSigner,
  FakeTxSource,
  MemoryJournal,
  MemoryLogger,
  NetworkHub,
  RecordingMeter,
} from "@sprtn/testing";
import {
  AttestationPool,
  Equivocations,
  ProtectedSigner,
  RecentProposals,
  SlashingProtection,
  Validator,
} from "@sprtn/validator";
import { Sequencer, type SequencerSettings } from "../index.js";

export interface NetworkOptions {
  readonly parameters?: Partial<RollupParameters>;
  readonly members?: number;
}

/** A committee member with all that it is made of. */
export interface SlotNode {
  readonly address: EthAddress;
  readonly chain: FakeChain;
  readonly txs: FakeTxSource;
  readonly journal: MemoryJournal;
  readonly logger: MemoryLogger;
  readonly meter: RecordingMeter;
  readonly proposals: RecentProposals;
  readonly rollup: FakeRollupView;
  readonly publisher: FakePublisher;
  readonly key: FakeSigner;
  readonly pool: AttestationPool;
  readonly signer: ProtectedSigner;
  readonly validator: Validator;
  readonly sequencer: Sequencer;
  readonly store: FakeKvStore;
}

/** A submission as the block that L1 would hold. */
export function blockOf(submission: BlockSubmission): L2Block {
  const header = decodeHeader(submission.header);
  return {
    header,
    headerHash: hashHeader(header),
    archive: submission.archive,
    effects: decodeEffects(submission.effects),
  };
}

/** Nodes of one committee over a hub, with an L1 that takes every block that follows its tip and tells all of them. */
export class SlotNetwork {
  readonly fixture = new ChainFixture();
  readonly clock = new ManualClock(1_000_000);
  readonly l1Time = new FakeL1Time(this.clock);
  readonly hub = new NetworkHub();
  readonly addresses: readonly EthAddress[];
  readonly deployment: Deployment;
  readonly domain;
  readonly committees: EpochCommittees;
  readonly nodes: SlotNode[] = [];

  constructor({ parameters = {}, members = 1 }: NetworkOptions = {}) {
    this.addresses = fakeAddresses(members);
    this.deployment = chainDeployment(this.fixture, parameters);
    const { chainId, contracts } = this.deployment;
    this.domain = domainSeparator({ chainId, rollup: contracts.rollup });
    const source = { validatorsAt: async () => this.addresses, seedOf: async (epoch: Epoch) => seedOf(epoch, 5n) };
    this.committees = new EpochCommittees({ source }, { committeeSize: 4, epochDuration: 4 });
  }

  async to(slot: number, offsetMs = 0): Promise<void> {
    await this.clock.advance(1000 * slotStart(this.deployment.parameters, Slot(slot)) + offsetMs - this.clock.nowMs());
  }

  /** The first slot from `from` on that is `address`'s. */
  async slotOf(address: EthAddress, from = 1): Promise<number> {
    for (let slot = from; ; slot++) if ((await this.committees.proposerAt(Slot(slot))) === address) return slot;
  }

  /** A deposit that the first block can include. */
  deposit(amount = 10n ** 12n) {
    const recipient = Field(101);
    return this.fixture.deposit(this.fixture.message(recipient, amount), { recipient, amount });
  }

  /** One committee member: validator and sequencer, neither started. */
  node(
    settings: Partial<SequencerSettings> = {},
    options: { readonly address?: EthAddress; readonly store?: FakeKvStore } = {},
  ): SlotNode {
    const address = options.address ?? this.addresses[this.nodes.length] ?? fakeAddresses(10)[this.nodes.length]!;
    const { clock, committees, domain, deployment } = this;
    const store = options.store ?? new FakeKvStore();
    const [chain, txs, logger, meter, proposals] = [
      new FakeChain(this.fixture),
      new FakeTxSource(),
      new MemoryLogger(),
      new RecordingMeter(),
      new RecentProposals({ slots: 8 }),
    ];
    const [rollup, publisher, key, gossip] = [
      new FakeRollupView(chain),
      new FakePublisher(address),
      new FakeSigner(address),
      this.hub.join(`node ${this.nodes.length}`),
    ];
    const journal = new MemoryJournal(() => clock.nowMs());
    const equivocations = new Equivocations({ logger, meter }, { slots: 8 });
    const pool = new AttestationPool(
      { committees, recovery: fakeRecovery, equivocations, journal, clock, logger },
      { time: deployment.parameters, domain, lateSlots: 2 },
    );
    const signer = new ProtectedSigner(
      { signer: key, protection: new SlashingProtection({ store }, { prefix: Uint8Array.of(7) }), pool, gossip },
      { domain, withholdAttestations: false },
    );
    const validating = { recovery: fakeRecovery, pool, equivocations };
    const seen = { journal, logger, meter };
    const common = { blocks: chain, forks: chain, txs, committees, gossip, proposals, signer, clock, ...seen };
    const validator = new Validator({ ...common, ...validating }, { deployment, domain });
    const sequencer = new Sequencer(
      { ...common, attestations: pool, publisher, rollup, l1Time: this.l1Time },
      {
        deployment,
        coinbase: address,
        feeRecipient: Field(999),
        maxTxs: 10,
        pollMs: 50,
        invalidProposals: false,
        minTxPerBlock: 1,
        minSecondsBetweenBlocks: 0,
        maxSecondsBetweenBlocks: 0,
        timetable: timetable({ slotMs: 8000, l1InclusionMs: 2000, propagationMs: 500, executionMs: 1000 }),
        enforceTimeTable: false,
        pollIntervalMs: 100,
        ...settings,
      },
    );
    const node = {
      address,
      chain,
      txs,
      journal,
      logger,
      meter,
      proposals,
      rollup,
      publisher,
      key,
      pool,
      signer,
      validator,
      sequencer,
      store,
    };
    publisher.onSend = async sent => {
      if (sent.method === "propose") await this.include(sent.blocks);
    };
    this.nodes.push(node);
    return node;
  }

  /** A node whose services run. */
  async start(...args: Parameters<SlotNetwork["node"]>): Promise<SlotNode> {
    const node = this.node(...args);
    await node.validator.start(new AbortController().signal);
    await node.sequencer.start(new AbortController().signal);
    return node;
  }

  /** L1 includes blocks: every node's chain continues. */
  async include(submissions: readonly BlockSubmission[]): Promise<void> {
    const blocks = submissions.map(blockOf);
    for (const node of this.nodes) {
      await node.chain.append(...blocks);
      node.txs.markMined(blocks.flatMap(block => block.effects.map(effect => effect.txHash)));
    }
  }

  async stop(): Promise<void> {
    for (const node of this.nodes) {
      await node.sequencer.stop();
      await node.validator.stop();
    }
  }
}

export const outcome = (node: SlotNode, name: string) =>
  node.meter.value("sprtn_sequencer_slots_total", { outcome: name }) ?? 0;

/** Codes of a node's warnings. */
export const warnings = (node: SlotNode) => node.logger.lines("warn").map(line => line.fields["code"]);

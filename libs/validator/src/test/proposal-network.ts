import { EpochCommittees, seedOf, slotStart } from "@sprtn/consensus";
import { type Epoch, type EthAddress, type Field, Slot } from "@sprtn/primitives";
import {
  type BlockAttestation,
  type BlockHeader,
  decodeAttestation,
  type Deployment,
  domainSeparator,
  encodeProposal,
  payloadDigest,
  proposalPayloadOf,
  type RollupParameters,
} from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import type { BuiltBlock } from "@sprtn/state-transition";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import {
  chainDeployment,
  fakeAddresses,
  FakeChain,
  FakeKvStore,
  fakeRecovery,
  FakeSigner,
  FakeTxSource,
  MemoryJournal,
  MemoryLogger,
  NetworkHub,
  type NetworkMember,
  RecordingMeter,
} from "@sprtn/testing";
import {
  AttestationPool,
  Equivocations,
  OwnKeyWatch,
  ProtectedSigner,
  RecentProposals,
  SlashingProtection,
  Validator,
} from "../index.js";

/** How a proposal differs from the right one. */
export interface ProposalChange {
  readonly header?: Partial<BlockHeader>;
  readonly archive?: Field;
  readonly txHashes?: readonly Field[];
  readonly by?: EthAddress;
}

export interface NodeOptions {
  readonly address?: EthAddress;
  readonly withholdAttestations?: boolean;
  readonly store?: FakeKvStore;
  readonly chain?: FakeChain;
  readonly follower?: boolean;
}

/** A committee of four, a chain that they follow, and a hub through which an outsider gossips proposals to them. */
export class ProposalNetwork {
  readonly addresses = fakeAddresses(4);
  readonly deployment: Deployment;
  readonly domain;
  readonly clock = new ManualClock(1_000_000);
  readonly committees: EpochCommittees;
  readonly hub = new NetworkHub();
  readonly outsider: NetworkMember;
  /** Attestations that reached the outsider. */
  readonly attestations: BlockAttestation[] = [];
  #joined = 0;

  constructor(
    readonly fixture = new ChainFixture(),
    parameters: Partial<RollupParameters> = {},
  ) {
    this.deployment = chainDeployment(this.fixture, parameters);
    const { chainId, contracts } = this.deployment;
    this.domain = domainSeparator({ chainId, rollup: contracts.rollup });
    const source = { validatorsAt: async () => this.addresses, seedOf: async (epoch: Epoch) => seedOf(epoch, 5n) };
    this.committees = new EpochCommittees({ source }, { committeeSize: 4, epochDuration: 4 });
    this.outsider = this.hub.join("outsider");
    this.outsider.subscribe("block_attestation", ({ data }) => {
      this.attestations.push(decodeAttestation(data));
      return { result: "accept" };
    });
  }

  async setSlot(slot: number, offsetMs = 100): Promise<void> {
    const spanMs = 1000 * slotStart(this.deployment.parameters, Slot(slot)) + offsetMs - this.clock.nowMs();
    if (spanMs < 0) this.clock.jump(spanMs);
    else await this.clock.advance(spanMs);
  }

  /** Lets everything that is under way come to rest. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.clock.advance(0);
  }

  node(options: NodeOptions = {}) {
    const chain = options.chain ?? new FakeChain(this.fixture);
    const store = options.store ?? new FakeKvStore();
    const [txs, logger, meter, proposals] = [
      new FakeTxSource(),
      new MemoryLogger(),
      new RecordingMeter(),
      new RecentProposals({ slots: 8 }),
    ];
    const key = new FakeSigner(options.address ?? (this.addresses[0] as EthAddress));
    const member = this.hub.join(`node ${++this.#joined}`);
    const { clock, committees, domain, deployment } = this;
    const journal = new MemoryJournal(() => clock.nowMs());
    const equivocations = new Equivocations({ logger, meter }, { slots: 3 });
    const protection = new SlashingProtection({ store }, { prefix: Uint8Array.of(7) });
    const ownKey = new OwnKeyWatch(
      { address: key.address, protection, clock, logger, meter },
      { time: deployment.parameters },
    );
    const pool = new AttestationPool(
      { committees, recovery: fakeRecovery, equivocations, ownKey, journal, clock, logger },
      { time: deployment.parameters, domain, lateSlots: 2 },
    );
    const signer = new ProtectedSigner(
      { signer: key, protection, pool, gossip: member },
      { domain, withholdAttestations: options.withholdAttestations ?? false },
    );
    const validator = new Validator(
      {
        blocks: chain,
        forks: chain,
        txs,
        committees,
        gossip: member,
        recovery: fakeRecovery,
        pool,
        proposals,
        equivocations,
        ...(options.follower ? {} : { signer, ownKey }),
        journal,
        clock,
        logger,
        meter,
      },
      { deployment, domain },
    );
    return {
      equivocations,
      journal,
      ownKey,
      chain,
      store,
      txs,
      logger,
      meter,
      proposals,
      key,
      member,
      pool,
      protection,
      signer,
      validator,
    };
  }

  async start(options: NodeOptions = {}) {
    const node = this.node(options);
    await node.validator.start(new AbortController().signal);
    return node;
  }

  /**
   * The gossiped bytes of a proposal of `built`, correct except for `change`; signed by the proposer of the slot that
   * it names.
   */
  async proposal(built: BuiltBlock, change: ProposalChange = {}): Promise<Uint8Array> {
    const header = { ...built.block.header, ...change.header };
    const archive = change.archive ?? built.block.archive;
    const by = change.by ?? (await this.committees.proposerAt(header.slot))!;
    const content = { header, archive, txHashes: change.txHashes ?? built.txs.map(tx => tx.hash) };
    return encodeProposal({
      ...content,
      signature: new FakeSigner(by).sign(payloadDigest(this.domain, "Proposal", proposalPayloadOf(content))),
    });
  }

  async gossip(built: BuiltBlock, change: ProposalChange = {}): Promise<void> {
    await this.outsider.publish("block_proposal", await this.proposal(built, change));
    await this.settle();
  }
}

export type ValidatorNode = ReturnType<ProposalNetwork["node"]>;

/** Code and text of the last proposal that was not attested. */
export function lastRefusal(node: ValidatorNode): { readonly code: unknown; readonly reason: unknown } | undefined {
  const line = node.logger.lines("warn").at(-1);
  return line === undefined ? undefined : { code: line.fields["code"], reason: line.fields["reason"] };
}

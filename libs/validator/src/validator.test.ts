import { type EthAddress, Field, Slot } from "@sprtn/primitives";
import { type BlockHeader, CallKind, decodeProposal, encodeProposal, payloadDigest, payloadOf } from "@sprtn/protocol";
import { expect } from "chai";
import { ProposalFault } from "./index.js";
import { alice, bob, follower, setUp } from "./test/proposed-block.js";
import { lastRefusal, type ProposalChange } from "./test/proposal-network.js";

describe("gossiped proposals are judged", () => {
  async function verdict(change: ProposalChange, slot?: number) {
    const made = await setUp();
    const node = await follower(made);
    if (slot !== undefined) await made.network.setSlot(slot);
    await made.network.gossip(made.built, change);
    return { node, refusals: [...node.member.refusals], score: node.member.scoreOf("outsider") };
  }

  it("REJECT for what is not a proposal", async () => {
    const made = await setUp();
    const { member, logger } = await follower(made);
    await made.network.outsider.publish("block_proposal", Uint8Array.of(1, 2, 3));
    await made.network.settle();
    const line = logger.lines("debug").find(({ message }) => message === "malformed proposal");
    expect(line?.fields.reason).to.be.a("string").and.not.equal("");
    expect([...member.refusals]).to.deep.equal([[ProposalFault.MALFORMED, 1]]);
    expect(member.scoreOf("outsider")).to.be.below(0);
  });

  it("COM-2: REJECT for who is not the slot's proposer", async () => {
    const { network, built } = await setUp();
    const proposer = await network.committees.proposerAt(built.block.header.slot);
    for (const by of network.addresses.filter(address => address !== proposer)) {
      const { refusals, score } = await verdict({ by });
      expect(refusals).to.deep.equal([[ProposalFault.WRONG_PROPOSER, 1]]);
      expect(score).to.be.below(0);
    }
  });

  it("REJECT for a proposal that was passed on with another list of transactions", async () => {
    const made = await setUp();
    const { member } = await follower(made);
    const proposal = decodeProposal(await made.network.proposal(made.built));
    await made.network.outsider.publish(
      "block_proposal",
      encodeProposal({ ...proposal, txHashes: proposal.txHashes.toReversed() }),
    );
    await made.network.settle();
    expect([...member.refusals]).to.deep.equal([[ProposalFault.WRONG_PROPOSER, 1]]);
  });

  it("IGNORE for slots that are over, or too far ahead (PEND-2)", async () => {
    for (const slot of [2, 5, 6]) {
      const { refusals, score } = await verdict({}, slot);
      expect(refusals).to.deep.equal([[ProposalFault.STALE_SLOT, 1]]);
      expect(score).to.equal(0);
    }
    // One slot ahead is a clock that differs.
    expect((await verdict({}, 3)).refusals).to.deep.equal([]);
  });

  it("REJECT for transactions that are not as many as the header says, or twice the same", async () => {
    const { built } = await setUp();
    const [one, two] = built.txs.map(tx => tx.hash) as [Field, Field];
    for (const txHashes of [[one], [one, two, Field(5)], [one, one]]) {
      expect((await verdict({ txHashes })).refusals).to.deep.equal([[ProposalFault.WRONG_TX_COUNT, 1]]);
    }
  });

  it("a node without a key passes good proposals on and does nothing else", async () => {
    const made = await setUp();
    const node = await follower(made, { follower: true });
    await made.network.gossip(made.built);
    expect([...node.member.refusals]).to.deep.equal([]);
    expect(node.logger.lines()).to.deep.equal([]);
    expect(node.key.signed).to.deep.equal([]);
  });
});

describe("verifying proposals", () => {
  it("a right one is attested, kept, gossiped", async () => {
    const made = await setUp();
    const node = await follower(made);
    await made.network.gossip(made.built);
    const payload = payloadOf(made.built.block);
    const signed = { ...payload, slot: made.built.block.header.slot };
    expect(node.key.signed).to.deep.equal([payloadDigest(made.network.domain, "Attestation", signed)]);
    expect(
      made.network.attestations.map(({ slot, headerHash, archive }) => ({ slot, headerHash, archive })),
    ).to.deep.equal([{ slot: made.built.block.header.slot, ...payload }]);
    expect(node.pool.attestationsOf(made.built.block.header.slot, payload).has(node.key.address)).to.equal(true);
    expect(node.proposals.executed(made.built.block.header.slot)[0]?.built.block).to.deep.equal(made.built.block);
    expect(node.chain.forkOn(made.built.block.archive)?.archiveRoot()).to.equal(made.built.block.archive);
    expect(node.meter.value("sprtn_validator_proposals_total", { outcome: "attested" })).to.equal(1);
  });

  it("who is not in the committee verifies nothing", async () => {
    const made = await setUp();
    const node = await follower(made, {
      address: Field(5).toString(16).padStart(40, "0").replace(/^/, "0x") as EthAddress,
    });
    await made.network.gossip(made.built);
    expect(node.key.signed).to.deep.equal([]);
    expect(node.proposals.executed(made.built.block.header.slot)).to.deep.equal([]);
  });

  it("withheld attestations stay here (fault)", async () => {
    const made = await setUp();
    const node = await follower(made, { withholdAttestations: true });
    await made.network.gossip(made.built);
    expect(node.key.signed.length).to.equal(1);
    expect(made.network.attestations).to.deep.equal([]);
  });

  const wrong: readonly {
    readonly field: string;
    readonly named?: string;
    readonly change: (header: BlockHeader) => Partial<BlockHeader>;
  }[] = [
    { field: "timestamp", change: header => ({ timestamp: (header.timestamp + 1) as BlockHeader["timestamp"] }) },
    { field: "perL2Gas", change: ({ baseFees }) => ({ baseFees: { ...baseFees, perL2Gas: baseFees.perL2Gas + 1n } }) },
    { field: "perDaGas", change: ({ baseFees }) => ({ baseFees: { ...baseFees, perDaGas: baseFees.perDaGas - 1n } }) },
    { field: "daHash", change: () => ({ daHash: Field(1) }) },
    { field: "inHash", change: () => ({ inHash: Field(1) }) },
    { field: "outHash", change: () => ({ outHash: Field(0) }) },
    { field: "totalBaseFees", change: header => ({ totalBaseFees: header.totalBaseFees + 1n }) },
    { field: "totalL2Gas", change: header => ({ totalL2Gas: header.totalL2Gas - 1n }) },
    { field: "totalDaGas", change: header => ({ totalDaGas: header.totalDaGas + 1n }) },
    { field: "stateHash", change: () => ({ stateHash: Field(1) }) },
    // Tips go to another than effects and state say.
    { field: "feeRecipient", named: "daHash, stateHash", change: () => ({ feeRecipient: Field(77) }) },
  ];
  for (const { field, named, change } of wrong) {
    it(`a wrong ${field} is not attested, and the refusal names ${named ?? "it"}`, async () => {
      const made = await setUp();
      const node = await follower(made);
      await made.network.gossip(made.built, { header: change(made.built.block.header) });
      expect(lastRefusal(node)).to.deep.equal({
        code: ProposalFault.WRONG_HEADER,
        reason: `the header differs in ${named ?? field}`,
      });
      expect(node.key.signed).to.deep.equal([]);
      expect(made.network.attestations).to.deep.equal([]);
    });
  }

  it("a wrong archive, and a coinbase that the archive is not for", async () => {
    for (const change of [{ archive: Field(1) }, { header: { coinbase: `0x${"11".repeat(20)}` as EthAddress } }]) {
      const made = await setUp();
      const node = await follower(made);
      await made.network.gossip(made.built, change);
      expect(lastRefusal(node)?.code).to.equal(ProposalFault.WRONG_ARCHIVE);
      expect(node.key.signed).to.deep.equal([]);
    }
  });

  it("PEND-2: a slot that is not after the parent's", async () => {
    const made = await setUp();
    const node = await follower(made);
    await made.network.setSlot(2);
    await made.network.gossip(made.built, { header: { slot: Slot(2) } });
    expect(lastRefusal(node)).to.deep.equal({
      code: ProposalFault.WRONG_HEADER,
      reason: "slot 2 is not after the parent's 2",
    });
  });

  it("an unincludable transaction", async () => {
    const made = await setUp();
    const { fixture } = made.network;
    const spent = fixture.tx(
      { kind: CallKind.TRANSFER, target: bob, amount: 5n },
      { sender: alice, payer: alice, nullifier: made.txs[0]!.inputs.nullifiers[0] },
    );
    const node = await follower({ ...made, txs: [...made.txs, spent] });
    const txHashes = [made.txs[0]!.hash, spent.hash];
    await made.network.gossip(made.built, { txHashes });
    expect(lastRefusal(node)?.code).to.equal(ProposalFault.UNINCLUDABLE_TX);
    expect(lastRefusal(node)?.reason).to.contain("TX_NULLIFIER_USED");
  });

  it("missing transactions: waits for them until the slot ends", async () => {
    const made = await setUp();
    const [inTime, never] = [
      await follower({ ...made, txs: [] }),
      await follower({ ...made, txs: [] }, { address: made.network.addresses[1]! }),
    ];
    await made.network.gossip(made.built);
    await made.network.clock.advance(3000);
    for (const tx of made.txs) await inTime.txs.add(tx);
    await made.network.settle();
    expect(inTime.key.signed.length).to.equal(1);
    expect(inTime.meter.observations("sprtn_validator_verify_seconds")).to.deep.equal([3]);
    await never.txs.add(made.txs[0]!);
    await made.network.setSlot(made.built.block.header.slot + 1);
    expect(lastRefusal(never)?.code).to.equal(ProposalFault.MISSING_TXS);
    expect(never.key.signed).to.deep.equal([]);
    expect(never.meter.value("sprtn_validator_proposals_total", { outcome: ProposalFault.MISSING_TXS })).to.equal(1);
  });

  it("a proposal whose transaction list was tampered with does not hold up the right one", async () => {
    const made = await setUp();
    const node = await follower(made);
    await made.network.gossip(made.built, { txHashes: [Field(1), Field(2)] });
    await made.network.gossip(made.built);
    expect(node.key.signed.length).to.equal(1);
  });

  it("one that is being considered when the node stops is not attested", async () => {
    const made = await setUp();
    const node = await follower({ ...made, txs: [] });
    await made.network.gossip(made.built);
    const stopped = node.validator.stop();
    for (const tx of made.txs) await node.txs.add(tx);
    await stopped;
    await made.network.settle();
    expect(node.key.signed).to.deep.equal([]);
    expect(node.logger.lines("warn")).to.deep.equal([]);
    expect(made.network.clock.pendingTimers).to.equal(0);
  });
});

describe("a node whose signal is aborted", () => {
  it("attests nothing more, and says nothing against a proposal", async () => {
    const made = await setUp();
    const node = made.network.node();
    const controller = new AbortController();
    await node.validator.start(controller.signal);
    await node.chain.append(made.first.block);
    await made.network.gossip(made.built);
    controller.abort();
    for (const tx of made.txs) await node.txs.add(tx);
    await made.network.settle();
    expect(node.key.signed).to.deep.equal([]);
    expect(node.logger.lines("warn")).to.deep.equal([]);
    expect(made.network.clock.pendingTimers).to.equal(0);
  });
});

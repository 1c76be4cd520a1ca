import { Field, Slot } from "@sprtn/primitives";
import { CallKind, decodeProposal, encodeProposal, hashTxList, payloadDigest, payloadOf } from "@sprtn/protocol";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import { fakeRecovery } from "@sprtn/testing";
import { expect } from "chai";
import { ProposalFault, RecentProposals } from "./index.js";
import { ProposalValidator } from "./proposal-validator.js";
import { lastRefusal, ProposalNetwork } from "./test/proposal-network.js";

const alice = Field(101);

/** Block 1 funds alice; block 2, of one transaction, is proposed in slot 4. */
function makeChain() {
  const fixture = new ChainFixture();
  const first = fixture.mine([
    fixture.deposit(fixture.message(alice, 10n ** 12n), { recipient: alice, amount: 10n ** 12n }),
  ]);
  const tx = fixture.tx({ kind: CallKind.TRANSFER, target: Field(102), amount: 5n }, { sender: alice, payer: alice });
  return { fixture, first, tx, built: fixture.mine([tx]) };
}

const shared = makeChain();

async function setUp() {
  const { fixture, first, tx, built } = shared;
  const network = new ProposalNetwork(fixture);
  const { slot } = built.block.header;
  await network.setSlot(slot);
  const node = await network.start();
  await node.chain.append(first.block);
  await node.txs.add(tx);
  let fetches = 0;
  const fetch = node.txs.fetch.bind(node.txs);
  node.txs.fetch = (...args) => {
    fetches++;
    return fetch(...args);
  };
  const refused = () => Object.fromEntries(node.member.refusals);
  return { network, node, built, slot, fetches: () => fetches, refused };
}

describe("a proposer's flood (SIGN-2, LIMIT-12)", () => {
  it("of one slot keeps nobody from considering the next proposer's proposal at once", async () => {
    const { network, node, built, slot, fetches, refused } = await setUp();
    await network.setSlot(slot - 1);
    for (let n = 1; n <= 20; n++)
      await network.gossip(built, { header: { slot: Slot(slot - 1) }, txHashes: [Field(n)] });
    expect(fetches()).to.equal(2);
    expect(refused()).to.deep.equal({ [ProposalFault.THIRD_IN_SLOT]: 18 });
    await network.setSlot(slot);
    await network.gossip(built);
    expect(fetches()).to.equal(3);
    const digest = payloadDigest(network.domain, "Attestation", { ...payloadOf(built.block), slot });
    expect(node.key.signed).to.deep.equal([digest]);
    await node.validator.stop();
    expect(network.clock.pendingTimers).to.equal(0);
  });

  it("that comes a slot early takes no place of the slot that it comes in", async () => {
    const { network, node, built, slot, refused } = await setUp();
    for (let n = 1; n <= 20; n++)
      await network.gossip(built, { header: { slot: Slot(slot + 1) }, txHashes: [Field(n)] });
    expect(refused()).to.deep.equal({ [ProposalFault.THIRD_IN_SLOT]: 18 });
    await network.gossip(built);
    expect(node.key.signed.length).to.equal(1);
  });

  it("is kept as evidence: the first two, as they were signed", async () => {
    const { network, node, built, slot } = await setUp();
    const lists = [[Field(1)], [Field(2)], [Field(3)]];
    for (const txHashes of lists) await network.gossip(built, { txHashes });
    const [equivocation, ...others] = node.equivocations.all();
    expect(others).to.deep.equal([]);
    expect(equivocation).to.deep.include({ type: "Proposal", slot, signer: await network.committees.proposerAt(slot) });
    const signed = await Promise.all(
      lists.slice(0, 2).map(async txHashes => {
        const { header, archive, signature } = decodeProposal(await network.proposal(built, { txHashes }));
        return { header, archive, txsHash: hashTxList(txHashes), signature };
      }),
    );
    expect(equivocation?.signed).to.deep.equal(signed);
  });
});

describe("variants of a proposal (SIGN-2)", () => {
  it("a list of transactions that a peer changed takes no place", async () => {
    const { network, node, built, refused } = await setUp();
    const proposal = decodeProposal(await network.proposal(built));
    for (let n = 1; n <= 10; n++)
      await network.outsider.publish("block_proposal", encodeProposal({ ...proposal, txHashes: [Field(n)] }));
    await network.gossip(built);
    expect(refused()).to.deep.equal({ [ProposalFault.WRONG_PROPOSER]: 10 });
    expect(node.key.signed.length).to.equal(1);
  });

  it("a list that the proposer signed wrongly does not shut out the right one, whichever comes first", async () => {
    for (const wrongFirst of [true, false]) {
      const { network, node, built, fetches } = await setUp();
      const changes = [{ txHashes: [Field(1)] }, {}];
      for (const change of wrongFirst ? changes : changes.toReversed()) await network.gossip(built, change);
      expect(fetches()).to.equal(2);
      expect(node.key.signed.length).to.equal(1);
      await network.setSlot(built.block.header.slot + 1);
      expect(lastRefusal(node)?.code).to.equal(ProposalFault.MISSING_TXS);
    }
  });

  it("a repetition under another signature is considered once, and is not evidence", async () => {
    const { network, node, built, slot } = await setUp();
    const proposer = await network.committees.proposerAt(slot);
    // Every signature is the proposer's: a key has many for one digest.
    const recovery = { recover: () => proposer };
    const { committees, clock, deployment, domain } = network;
    const validator = new ProposalValidator(
      { committees, recovery, equivocations: node.equivocations, clock },
      { deployment, domain },
    );
    const proposal = decodeProposal(await network.proposal(built));
    const verdicts = [1, 2, 3].map(n => validator.validate({ ...proposal, signature: new Uint8Array(64).fill(n) }));
    const duplicate = { result: "ignore", code: ProposalFault.DUPLICATE };
    expect(await Promise.all(verdicts)).to.deep.equal([{ result: "accept" }, duplicate, duplicate]);
    expect(node.equivocations.all()).to.deep.equal([]);
  });

  it("the places of a slot are kept as long as its proposals are taken, then forgotten", async () => {
    const { fixture, built } = shared;
    const network = new ProposalNetwork(fixture, { proposalLateness: 1 });
    const { committees, clock, deployment, domain } = network;
    const { equivocations } = network.node();
    const validator = new ProposalValidator(
      { committees, recovery: fakeRecovery, equivocations, clock },
      { deployment, domain },
    );
    const { slot } = built.block.header;
    const send = async (now: number, of: number, variant: number) => {
      await network.setSlot(now);
      const change = { header: { slot: Slot(of) }, archive: Field(variant) };
      const verdict = await validator.validate(decodeProposal(await network.proposal(built, change)));
      return verdict.result === "accept" ? "accepted" : verdict.code;
    };
    for (const variant of [1, 2]) expect(await send(slot, slot, variant)).to.equal("accepted");
    expect(await send(slot, slot + 2, 1)).to.equal(ProposalFault.STALE_SLOT);
    expect(await send(slot, slot + 1, 1)).to.equal("accepted");
    expect(await send(slot + 1, slot, 3)).to.equal(ProposalFault.THIRD_IN_SLOT);
    expect(await send(slot + 2, slot, 3)).to.equal(ProposalFault.STALE_SLOT);
    expect(await send(slot + 2, slot + 2, 1)).to.equal("accepted");
    // Seen only because this clock goes back.
    expect(await send(slot, slot, 3)).to.equal("accepted");
  });

  it("two different blocks of a slot are both executed, so that either may be built on; one is attested", async () => {
    const { network, node, built, slot } = await setUp();
    await network.gossip(built);
    await network.gossip(built, { header: { feeRecipient: Field(7) } });
    expect(node.key.signed.length).to.equal(1);
    const [first] = node.proposals.executed(slot);
    expect(first?.built.block.archive).to.equal(built.block.archive);
  });

  describe("executed", () => {
    const { built, first } = shared;
    const executed = (slot: number, archive: number) => ({
      built: { ...built, block: { ...built.block, archive: Field(archive) } },
      proposal: {
        header: { ...built.block.header, slot: Slot(slot) },
        archive: Field(archive),
        txHashes: [],
        signature: new Uint8Array(64),
      },
    });
    const kept = (proposals: RecentProposals, slot: number) =>
      proposals.executed(Slot(slot)).map(({ proposal }) => proposal.archive);

    it("LIMIT-13: are not hidden by others of their slot", () => {
      const proposals = new RecentProposals({ slots: 2 });
      for (const archive of [1, 2, 1]) proposals.keep(executed(4, archive));
      expect(kept(proposals, 4)).to.deep.equal([2n, 1n]);
      expect(kept(proposals, first.block.header.slot)).to.deep.equal([]);
    });

    it("LIMIT-13: are kept of so many slots, two of each: the oldest go", () => {
      const proposals = new RecentProposals({ slots: 3 });
      for (let slot = 4; slot <= 100; slot++)
        for (let archive = 1; archive <= 20; archive++) proposals.keep(executed(slot, archive));
      const all = Array.from({ length: 101 }, (_, slot) => kept(proposals, slot)).filter(({ length }) => length > 0);
      expect(all).to.deep.equal([98, 99, 100].map(() => [19n, 20n]));
      expect(kept(proposals, 98)).to.deep.equal([19n, 20n]);
    });
  });
});

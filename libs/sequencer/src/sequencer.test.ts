import { slotEnd } from "@sprtn/consensus";
import { CodedError, Field, Slot } from "@sprtn/primitives";
import { CallKind, hashTxList, packSignatures, payloadDigest, payloadOf, unpackSignatures } from "@sprtn/protocol";
import { chainSlotMs, FakeKvStore } from "@sprtn/testing";
import { expect } from "chai";
import { SequencerErrorCode } from "./index.js";
import { blockOf, outcome, SlotNetwork, warnings } from "./test/slot-network.js";

describe("a proposer's slot", () => {
  it("builds, gossips, attests, collects, publishes once; each slot once", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    const tx = network.deposit();
    await node.txs.add(tx);
    await network.to(1);
    await network.to(2, -1);
    const [[submission] = []] = node.publisher.proposals();
    const block = blockOf(submission!);
    expect(node.publisher.proposals().length).to.equal(1);
    expect(block.header).to.deep.include({
      number: 1,
      slot: 1,
      timestamp: 1008,
      coinbase: node.address,
      feeRecipient: 999n,
      txCount: 1,
    });
    expect(block.effects.map(effect => effect.txHash)).to.deep.equal([tx.hash]);
    const payload = payloadOf(block);
    expect(node.key.signed).to.deep.equal([
      payloadDigest(network.domain, "Proposal", { ...payload, txsHash: hashTxList([tx.hash]) }),
      payloadDigest(network.domain, "Attestation", { ...payload, slot: Slot(1) }),
    ]);
    expect(unpackSignatures(submission!.signatures)).to.deep.equal([
      { signature: node.pool.attestationsOf(Slot(1), payload).get(node.address) },
    ]);
    expect(node.proposals.executed(Slot(1))[0]?.built.block.archive).to.equal(block.archive);
    expect(node.chain.tip.archive).to.equal(block.archive);
    expect(outcome(node, "published")).to.equal(1);
    await network.stop();
  });

  it("does nothing before genesis, and proposes nothing in slot 0 (PEND-2)", async () => {
    const network = new SlotNetwork();
    network.clock.jump(-5000);
    const node = await network.start();
    await node.txs.add(network.deposit());
    await network.to(1, -1);
    expect(node.publisher.sent).to.deep.equal([]);
    expect(warnings(node)).to.deep.equal([]);
    await network.stop();
  });

  it("COM-2: does nothing in somebody else's slot", async () => {
    const network = new SlotNetwork({ members: 4 });
    const node = await network.start();
    await node.txs.add(network.deposit());
    const own = await network.slotOf(node.address);
    await network.to(own, -1);
    expect(node.key.signed).to.deep.equal([]);
    await network.to(own + 1, -1);
    const after = node.key.signed.length;
    expect(after).to.equal(2);
    await network.to(await network.slotOf(node.address, own + 1), -1);
    expect(node.key.signed.length).to.equal(after);
    await network.stop();
  });

  it("waits for enough transactions", async () => {
    const network = new SlotNetwork();
    const node = await network.start({ minTxPerBlock: 2 });
    await node.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
    await network.to(1, 2000);
    expect(node.key.signed).to.deep.equal([]);
    await node.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
    await network.to(1, 2500);
    expect(blockOf(node.publisher.proposals()[0]![0]!).header.txCount).to.equal(2);
    await network.stop();
  });

  it("gives up when they do not come in time", async () => {
    const network = new SlotNetwork();
    const node = await network.start({ minTxPerBlock: 2 });
    await node.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
    await network.to(1, 7000);
    await node.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
    await network.to(1, 7900);
    expect(node.publisher.sent).to.deep.equal([]);
    expect(outcome(node, "nothing-to-build")).to.equal(1);
    expect(node.key.signed).to.deep.equal([]);
    await network.stop();
  });

  it("proposes no empty block for transactions that cannot be included", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1, maxFee: 1n }));
    await network.to(2, -1);
    expect(outcome(node, "nothing-to-build")).to.equal(1);
    expect(node.key.signed).to.deep.equal([]);
    expect(node.publisher.proposals()).to.deep.equal([]);
    await network.stop();
  });

  it("MSG-1: builds an empty block for a message that waits", async () => {
    const network = new SlotNetwork();
    network.fixture.message(Field(101), 5n);
    const node = await network.start({ minTxPerBlock: 5 });
    await network.to(2, -1);
    const block = blockOf(node.publisher.proposals()[0]![0]!);
    expect(block.header.txCount).to.equal(0);
    expect(block.header.inHash).to.not.equal(0n);
    await network.to(5);
    expect(node.publisher.proposals().length).to.equal(1);
    await network.stop();
  });

  it("does not build while it does not know L1's tip; does as soon as it knows", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.rollup.unseen = 1;
    await network.to(2);
    expect(outcome(node, "not-synced")).to.equal(1);
    expect(node.key.signed).to.deep.equal([]);
    await network.to(2, 1000);
    node.rollup.unseen = 0;
    await network.to(2, 1500);
    expect(node.publisher.proposals().length).to.equal(1);
    await network.stop();
  });

  it("PROV-4: prunes first if that is due, then builds on the proven tip", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    await network.to(2);
    expect(node.chain.tip.header.number).to.equal(1);
    await node.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
    node.rollup.prunable = true;
    const { onSend } = node.publisher;
    node.publisher.onSend = async sent => {
      if (sent.method !== "prune") return onSend(sent);
      node.rollup.prunable = false;
      await node.chain.remove(1, "prune");
    };
    await network.to(3);
    expect(node.publisher.methods().slice(1)).to.deep.equal(["prune", "propose"]);
    expect(blockOf(node.publisher.proposals()[1]![0]!).header).to.deep.include({ number: 1, slot: 2 });
    await network.stop();
  });

  it("PROV-4: builds on no block that L1 is about to prune: it waits for that moment", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    await network.to(2);
    await node.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
    // L1's next block is the first past the deadline a second into the slot.
    const deadline = chainSlotMs(2) / 1000 + 1;
    let pruned = false;
    node.rollup.canPrune = async at => !pruned && at > deadline;
    const { onSend } = node.publisher;
    node.publisher.onSend = async sent => {
      if (sent.method !== "prune") return onSend(sent);
      pruned = true;
      await node.chain.remove(1, "prune");
    };
    await network.to(2, 900);
    expect(node.publisher.methods()).to.deep.equal(["propose"]);
    expect(warnings(node)).to.deep.equal([]);
    await network.to(3);
    expect(node.publisher.methods().slice(1)).to.deep.equal(["prune", "propose"]);
    expect(blockOf(node.publisher.proposals()[1]![0]!).header).to.deep.include({ number: 1, slot: 2 });
    await network.stop();
  });

  it("a prune that fails holds nothing up", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.rollup.prunable = true;
    const { onSend } = node.publisher;
    node.publisher.onSend = sent => {
      if (sent.method === "prune") throw new TypeError("reverted");
      return onSend(sent);
    };
    await network.to(2, -1);
    expect(node.publisher.methods()).to.deep.equal(["prune", "propose"]);
    await network.stop();
  });

  it("a prune that is stuck costs its slot, not those after it", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.rollup.prunable = true;
    node.publisher.stuck = true;
    await network.to(2, -1);
    node.rollup.prunable = false;
    node.publisher.stuck = false;
    await network.to(3, -1);
    expect(node.publisher.methods()).to.deep.equal(["prune", "propose"]);
    expect(outcome(node, "published")).to.equal(1);
    await network.stop();
  });

  it("stopped while it prunes, it signs nothing more", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.rollup.prunable = true;
    node.publisher.stuck = true;
    await network.to(1, 500);
    await network.stop();
    expect(node.publisher.methods()).to.deep.equal(["prune"]);
    expect(node.key.signed).to.deep.equal([]);
    expect(warnings(node)).to.deep.equal([]);
  });

  it("COM-4: with openBootstrap and an empty committee anyone proposes, without signatures; else nobody", async () => {
    for (const openBootstrap of [true, false]) {
      const network = new SlotNetwork({ members: 0, parameters: { openBootstrap } });
      const node = await network.start();
      await node.txs.add(network.deposit());
      await network.to(2, -1);
      expect(node.publisher.proposals().map(([submission]) => submission!.signatures)).to.deep.equal(
        openBootstrap ? [packSignatures([])] : [],
      );
      expect(node.key.signed).to.deep.equal([]);
      await network.stop();
    }
  });

  it(
    "SEQ_ENFORCE_TIME_TABLE: a start that is too late gives the slot up; without it, it builds a full block all " +
      "the same",
    async () => {
      for (const enforceTimeTable of [true, false]) {
        const network = new SlotNetwork();
        await network.to(1, 4500);
        const node = await network.start({ enforceTimeTable });
        await node.txs.add(network.deposit());
        await network.to(2, -1);
        expect(node.publisher.proposals().map(([submission]) => blockOf(submission!).header.txCount)).to.deep.equal(
          enforceTimeTable ? [] : [1],
        );
        expect(outcome(node, "nothing-to-build")).to.equal(enforceTimeTable ? 1 : 0);
        await network.stop();
      }
    },
  );

  it("a transaction, or a start, too late for a quorum waits for the next slot, without a proposal", async () => {
    for (const late of ["transaction", "start"]) {
      const network = new SlotNetwork({ members: 4 });
      const node = late === "start" ? network.node() : await network.start();
      await network.to(await network.slotOf(node.address), 5920);
      await node.txs.add(network.deposit());
      if (late === "start") await node.sequencer.start(new AbortController().signal);
      await network.to((await network.slotOf(node.address)) + 1, -1);
      expect(node.key.signed).to.deep.equal([]);
      expect(warnings(node)).to.deep.equal([]);
      await network.stop();
    }
  });

  it("warns once while L1 does not answer, and again when it is away again", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    const { rollup } = node;
    const canPrune = rollup.canPrune.bind(rollup);
    const down = async (): Promise<boolean> => {
      throw new CodedError("FAKE_L1_DOWN", "this L1 is down");
    };
    rollup.canPrune = down;
    await network.to(4);
    expect(warnings(node)).to.deep.equal(["FAKE_L1_DOWN"]);
    rollup.canPrune = canPrune;
    await network.to(5);
    expect(outcome(node, "published")).to.equal(1);
    rollup.canPrune = down;
    await network.to(6);
    expect(warnings(node)).to.deep.equal(["FAKE_L1_DOWN", "FAKE_L1_DOWN"]);
    await network.stop();
  });

  it("an L1 that is away is told of by who follows it: the sequencer waits, and says so once", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.rollup.canPrune = async () => {
      throw new CodedError("FAKE_L1_DOWN", "no L1 endpoint works", { endpoints: ["http://l1"] });
    };
    await network.to(4);
    expect(warnings(node)).to.deep.equal([]);
    expect(node.logger.lines("info").filter(({ fields }) => !("slot" in fields))).to.have.length(1);
    await network.stop();
  });

  it("a prune that an L1 does not take which is away is no news either", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    node.rollup.canPrune = async () => true;
    node.publisher.onSend = () => {
      throw new CodedError("FAKE_L1_DOWN", "no L1 endpoint works", { endpoints: ["http://l1"] });
    };
    await network.to(4);
    expect(node.publisher.methods()).to.include("prune");
    expect(warnings(node)).to.deep.equal([]);
    await network.stop();
  });

  it("an L1 that shows its blocks and takes none is warned of, once, from the second slot on", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.publisher.onSend = () => {
      throw new CodedError("FAKE_L1_DOWN", "no L1 endpoint works", { endpoints: ["http://l1"] });
    };
    await network.to(2, -1);
    expect([warnings(node), outcome(node, "l1-away")]).to.deep.equal([[], 1]);
    await network.to(5, -1);
    expect([warnings(node), outcome(node, "l1-away")]).to.deep.equal([["FAKE_L1_DOWN"], 4]);
    await network.stop();
  });

  it("SIGN-1: after a restart in its slot it signs no second block for it", async () => {
    const network = new SlotNetwork();
    const store = new FakeKvStore();
    const first = await network.start({}, { store });
    first.publisher.stuck = true;
    await first.txs.add(network.deposit());
    await network.to(1, 1000);
    await network.stop();
    const again = await network.start({}, { store, address: first.address });
    await again.txs.add(network.fixture.tx({ kind: CallKind.NONE }, { notes: 1 }));
    await network.to(2, -1);
    expect(again.key.signed).to.deep.equal([]);
    expect(warnings(again)).to.deep.equal(["VALIDATOR_WOULD_EQUIVOCATE"]);
    expect(outcome(again, "failed")).to.equal(1);
    await network.stop();
  });

  it("stopping in mid-slot ends it without a word, and leaves no timer", async () => {
    const network = new SlotNetwork({ members: 4 });
    const node = await network.start();
    await node.txs.add(network.deposit());
    await network.to(await network.slotOf(node.address), 500);
    await network.stop();
    expect(warnings(node)).to.deep.equal([]);
    expect(network.clock.pendingTimers).to.equal(0);
  });
});

describe("publishing", () => {
  it("SEQUENCER_TOO_LATE: is given up when the slot ends; the next slot goes on", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.publisher.stuck = true;
    await network.to(2, -1);
    expect(warnings(node)).to.deep.equal([]);
    await network.to(2);
    expect(warnings(node)).to.deep.equal([SequencerErrorCode.TOO_LATE]);
    expect(outcome(node, "failed")).to.equal(1);
    node.publisher.stuck = false;
    await network.to(3);
    expect(outcome(node, "published")).to.equal(1);
    await network.stop();
  });

  it("PEND-2: has as many slots more as proposals may be late", async () => {
    const network = new SlotNetwork({ parameters: { proposalLateness: 1 } });
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.publisher.stuck = true;
    await network.to(3, -1);
    expect(warnings(node)).to.deep.equal([]);
    await network.to(3);
    expect(warnings(node)).to.deep.equal([SequencerErrorCode.TOO_LATE]);
    expect(network.clock.nowMs()).to.equal(1000 * slotEnd(network.deployment.parameters, Slot(2)));
    await network.stop();
  });

  it("a revert fails the slot and says why", async () => {
    const network = new SlotNetwork();
    const node = await network.start();
    await node.txs.add(network.deposit());
    node.publisher.onSend = () => {
      throw new TypeError("Pend1_WrongNumber");
    };
    await network.to(2, -1);
    expect(node.logger.lines("warn")[0]?.fields["reason"]).to.equal("Pend1_WrongNumber");
    expect(outcome(node, "failed")).to.equal(1);
    await network.stop();
  });
});

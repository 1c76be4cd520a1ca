import { drawCommittee } from "@sprtn/consensus";
import { Epoch, UnixSeconds } from "@sprtn/primitives";
import { buildEffect } from "@sprtn/testing";
import { expect } from "chai";
import { EthersCommitteeSource } from "../ethers-committee-source.js";
import { EthersRollupView } from "../ethers-rollup-view.js";
import { TestRollup } from "../testing/test-rollup.js";
import type { EthersL1Publisher } from "./ethers-l1-publisher.js";

interface Failure {
  readonly code?: string;
  readonly message: string;
  readonly payload: { readonly reason?: string; readonly args?: Record<string, string> };
}

async function failure(promise: Promise<unknown>): Promise<Failure> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: Failure) => error,
  );
}

const effects = (count: number, salt = 0) =>
  Array.from({ length: count }, (_, index) => buildEffect(salt * 1000 + index));

describe("EthersL1Publisher and EthersRollupView", () => {
  let rollup: TestRollup;
  let publisher: EthersL1Publisher;
  let view: EthersRollupView;
  let snapshot: string;

  before(async () => {
    rollup = await TestRollup.start();
    publisher = rollup.publisher(1);
    view = new EthersRollupView({ endpoints: rollup.endpoints }, rollup);
    snapshot = await rollup.devnet.snapshot();
  });

  afterEach(async () => {
    await rollup.devnet.setAutomine(true);
    await rollup.devnet.revert(snapshot);
    snapshot = await rollup.devnet.snapshot();
  });

  after(async () => rollup.stop());

  const sentBy = async (who: EthersL1Publisher) =>
    Number(await rollup.devnet.request("eth_getTransactionCount", [who.address, "latest"]));

  it("proposes a block in one transaction", async () => {
    await rollup.propose(publisher, 2, effects(3));
    expect(await view.tips()).to.deep.equal({ pending: 1, proven: 0 });
    expect(await sentBy(publisher)).to.equal(1);
  });

  it("PEND-2: sends nothing that L1's next block cannot hold, alone or in a group", async () => {
    const block = await rollup.build(5, effects(300));
    for (const [slot, maxEffectsCalldataBytes] of [
      [4, 1_000_000],
      [4, 1000],
    ] as const) {
      await rollup.passTo(slot - 1);
      await rollup.enter(slot, 9);
      const early = rollup.publisher(4, { maxEffectsCalldataBytes });
      const error = await failure(early.propose([block]));
      expect(error.code).to.equal("L1_TOO_EARLY");
      expect(await sentBy(early)).to.equal(0);
      await rollup.devnet.mine();
      await rollup.enter(5, 0);
      expect((await early.propose([block])).blockNumber).to.be.above(0);
      await rollup.devnet.revert(snapshot);
      snapshot = await rollup.devnet.snapshot();
    }
  });

  it("publishes long effects in chunks first, and does not publish a chunk twice", async () => {
    const chunked = rollup.publisher(2, { maxEffectsCalldataBytes: 1000 });
    const block = await rollup.build(2, effects(300));
    await rollup.enter(3);
    // Too early for its slot's end: the chunks stay, the proposal reverts.
    const error = await failure(chunked.propose([block]));
    expect(error.payload.reason).to.equal("Pend2_SlotTooOld");
    expect(await sentBy(chunked)).to.equal(3);
    const again = await rollup.build(4, effects(300));
    await rollup.enter(4);
    const receipt = await chunked.propose([again]);
    expect(await sentBy(chunked)).to.equal(4);
    expect((await view.tips()).pending).to.equal(1);
    expect(receipt.gasUsed > 0n).to.equal(true);
  });

  it("does not send a block that L1 would refuse, and names the rule", async () => {
    await rollup.passTo(5);
    const error = await failure(publisher.propose([await rollup.build(3)]));
    expect(error.code).to.equal("L1_REVERTED");
    expect(error.payload).to.deep.include({ reason: "Pend2_SlotTooOld", args: { oldest: "5", slot: "3" } });
    const wrongFees = await rollup.build(5, [], { change: { baseFees: { perL2Gas: 1n, perDaGas: 1n } } });
    expect((await failure(publisher.propose([wrongFees]))).payload.reason).to.equal("Pend6_WrongBaseFees");
    expect(await sentBy(publisher)).to.equal(0);
  });

  it("sends a block for a slot that L1's head has not reached yet: the next block will be in it", async () => {
    const block = await rollup.build(2);
    await rollup.enter(2, 0);
    await publisher.propose([block]);
    expect((await view.tips()).pending).to.equal(1);
  });

  it("names the rule also when another block came first", async () => {
    await rollup.passTo(2);
    await rollup.devnet.setAutomine(false);
    const first = await rollup.build(2, effects(1));
    const second = await rollup.build(2, effects(2));
    const other = rollup.publisher(2);
    await rollup.devnet.setBalance(publisher.address, 10n ** 20n);
    const sending = Promise.allSettled([publisher.propose([first]), other.propose([second])]);
    while (((await rollup.devnet.request("txpool_status")) as { pending: string }).pending !== "0x2")
      await rollup.devnet.request("eth_blockNumber");
    await rollup.devnet.setNextBlockTimestamp(UnixSeconds(rollup.startOf(2) + 5));
    await rollup.devnet.mine();
    const results = await sending;
    expect(results.filter(result => result.status === "fulfilled")).to.have.length(1);
    const refused = results.find(result => result.status === "rejected") as PromiseRejectedResult;
    expect((refused.reason as Failure).code).to.equal("L1_REVERTED");
    // It does not revert before its block, whose first transaction is what was in its way.
    expect((refused.reason as Failure).payload.reason).to.equal("unknown");
  });

  it("proves an epoch", async () => {
    const block = await rollup.propose(publisher, 2, effects(1));
    await rollup.passTo(4);
    await publisher.submitProof(await rollup.proof(block, publisher.address));
    expect(await view.tips()).to.deep.equal({ pending: 1, proven: 1 });
    const again = await failure(publisher.submitProof(await rollup.proof(block, publisher.address)));
    expect(again.payload.reason).to.match(/^Prov1_/);
  });

  it("proves an epoch of which somebody else proved a prefix meanwhile (PROV-1)", async () => {
    await rollup.propose(publisher, 1, effects(1));
    const first = await rollup.propose(publisher, 2, effects(1, 1));
    const last = await rollup.propose(publisher, 3, effects(1, 2));
    const whole = await rollup.proof(last, publisher.address, 1);
    await rollup.passTo(8);
    await publisher.submitProof(await rollup.proof(first, publisher.address));
    await publisher.submitProof(whole);
    expect(await view.tips()).to.deep.equal({ pending: 3, proven: 3 });
  });

  it("prunes when the first unproven epoch is past D2, and not before (PROV-4)", async () => {
    expect(await view.canPrune(rollup.startOf(1000))).to.equal(false);
    await rollup.propose(publisher, 2, effects(1));
    const d2 = rollup.startOf(4) + 80;
    expect(await view.canPrune(UnixSeconds(d2))).to.equal(false);
    expect(await view.canPrune(UnixSeconds(d2 + 1))).to.equal(true);
    await rollup.passTo(5);
    expect((await failure(publisher.prune())).payload.reason).to.equal("Prov4_NotYet");
    await rollup.devnet.setNextBlockTimestamp(UnixSeconds(d2 + 1));
    await rollup.devnet.mine();
    await publisher.prune();
    expect(await view.tips()).to.deep.equal({ pending: 0, proven: 0 });
  });

  it("fixes an epoch's randao once (SEED-1)", async () => {
    await rollup.passTo(5);
    expect(await view.randaoCheckpointed(Epoch(1))).to.equal(false);
    await publisher.checkpointRandao();
    expect(await view.randaoCheckpointed(Epoch(1))).to.equal(true);
    expect(await view.randaoCheckpointed(Epoch(2))).to.equal(false);
  });

  it("knows its balance", async () => {
    await rollup.devnet.setBalance(publisher.address, 12345n);
    expect(await publisher.balance()).to.equal(12345n);
  });
});

describe("EthersL1Publisher with a committee", () => {
  let rollup: TestRollup;

  before(async () => {
    rollup = await TestRollup.start(
      { committeeSize: 16, proposalLateness: 1, openBootstrap: false, exitGraceEpochs: 8 },
      16,
    );
  });

  after(async () => rollup.stop());

  it("keeps within its gas limit at the first touch of an epoch, with 160 transactions", async () => {
    await rollup.enter(5);
    const block = await rollup.signed(await rollup.build(5, effects(160)));
    const { gasUsed } = await rollup.publisher(1).propose([block]);
    expect(gasUsed < 8_500_000n).to.equal(true);
  });

  it("puts a block and the one built on it into one transaction (PEND-9)", async () => {
    const first = await rollup.signed(await rollup.build(6, effects(1, 1)));
    const second = await rollup.signed(await rollup.build(7, effects(2, 2), { parent: rollup.after(first) }));
    await rollup.enter(7);
    const publisher = rollup.publisher(2);
    await publisher.propose([first, second]);
    expect(Number(await rollup.devnet.request("eth_getTransactionCount", [publisher.address, "latest"]))).to.equal(1);
  });

  it("puts what does not fit one transaction into two with nonces in a row", async () => {
    const first = await rollup.signed(await rollup.build(8, effects(1, 3)));
    const second = await rollup.signed(await rollup.build(9, effects(1, 4), { parent: rollup.after(first) }));
    await rollup.enter(9);
    const publisher = rollup.publisher(3, { maxEffectsCalldataBytes: 1500 });
    await publisher.propose([first, second]);
    expect(Number(await rollup.devnet.request("eth_getTransactionCount", [publisher.address, "latest"]))).to.equal(2);
  });

  it("brings the child alone when the parent is there already (PEND-9)", async () => {
    const first = await rollup.signed(await rollup.build(10, effects(1, 5)));
    const second = await rollup.signed(await rollup.build(11, effects(1, 6), { parent: rollup.after(first) }));
    await rollup.enter(11);
    await rollup.publisher(4).propose([first]);
    await rollup.publisher(5).propose([first, second]);
    const view = new EthersRollupView(
      { endpoints: rollup.endpoints },
      { contracts: rollup.contracts, parameters: rollup.parameters },
    );
    expect((await view.tips()).pending).to.equal(second.decoded.number);
  });

  it("COM-1, SEED-1: touches an epoch and sets up the next one in one transaction, within its gas limit", async () => {
    const view = new EthersRollupView({ endpoints: rollup.endpoints }, rollup);
    const [epoch, next] = [Epoch(3), Epoch(4)];
    await rollup.enter(4 * epoch, 0);
    expect([await view.randaoCheckpointed(epoch), await view.isSetUp(next)]).to.deep.equal([false, false]);
    const { gasUsed } = await rollup.publisher(4).setupEpoch(next);
    expect(gasUsed < 300_000n).to.equal(true);
    expect([await view.randaoCheckpointed(epoch), await view.isSetUp(next)]).to.deep.equal([true, true]);
    // An epoch that is not fixed is refused before anything is sent.
    expect((await failure(rollup.publisher(4).setupEpoch(Epoch(9)))).payload.reason).to.equal("Seed1_NotFixedYet");
    await rollup.publisher(4).setupEpoch(epoch);
    await rollup.enter(13);
    const block = await rollup.signed(await rollup.build(13, effects(1, 9)));
    const cheaper = await rollup.publisher(1).propose([block]);
    expect(cheaper.gasUsed < 900_000n).to.equal(true);
  });

  it("reads sets and seeds as the Rollup draws from them", async () => {
    const source = new EthersCommitteeSource(
      { endpoints: rollup.endpoints },
      { contracts: rollup.contracts, time: rollup.parameters },
    );
    for (const epoch of [0, 1, 2].map(Epoch)) {
      const drawn = drawCommittee(await source.seedOf(epoch), await source.validatorsAt(epoch), 16);
      expect(drawn)
        .to.have.length(16)
        .and.deep.equal(await rollup.committeeAt(epoch));
    }
  });
});

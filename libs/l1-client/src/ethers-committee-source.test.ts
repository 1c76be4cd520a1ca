import { EpochCommittees } from "@sprtn/consensus";
import { Epoch, L1BlockNumber } from "@sprtn/primitives";
import { ManualClock } from "@sprtn/runtime";
import { MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { EthersCommitteeSource } from "./ethers-committee-source.js";
import { L1Heads } from "./heads/l1-heads.js";
import { WatchedL1Reader } from "./heads/watched-l1-reader.js";
import { EthersL1Reader } from "./reader/ethers-l1-reader.js";
import { TestRollup } from "./testing/test-rollup.js";

describe("EthersCommitteeSource", () => {
  let rollup: TestRollup;
  let source: EthersCommitteeSource;

  beforeEach(async () => {
    rollup = await TestRollup.start({ committeeSize: 4 }, 8);
    source = new EthersCommitteeSource(
      { endpoints: rollup.endpoints },
      { contracts: rollup.contracts, time: rollup.parameters },
    );
  });

  afterEach(async () => rollup.stop());

  const committees = () => new EpochCommittees({ source }, { committeeSize: 4, epochDuration: 4 });
  const failure = async (promise: Promise<unknown>) =>
    promise.then(
      () => "none",
      (error: { readonly code?: string }) => error.code,
    );

  it("SEED-1, SET-3: refuses what may still change; an epoch that was asked for too early is right later", async () => {
    const drawn = committees();
    await rollup.passTo(4);
    // In epoch 1, with epoch 0 untouched: epoch 2 is the next touch's to fix, epoch 3 as well.
    for (const epoch of [2, 3, 4, 1000]) {
      expect(await failure(drawn.committeeAt(Epoch(epoch)))).to.equal("CONSENSUS_EPOCH_NOT_FIXED");
      expect(await failure(source.validatorsAt(Epoch(epoch)))).to.equal("CONSENSUS_EPOCH_NOT_FIXED");
    }
    await rollup.enter(5);
    await rollup.publisher(1).checkpointRandao();
    for (const epoch of [2, 3]) expect(await drawn.committeeAt(Epoch(epoch))).to.have.length(4);
    expect(await failure(drawn.committeeAt(Epoch(4)))).to.equal("CONSENSUS_EPOCH_NOT_FIXED");
    expect(await drawn.committeeAt(Epoch(3))).to.deep.equal(await rollup.committeeAt(3));
  });

  it("a reorg that takes back nothing but a touch: the committee is drawn anew", async () => {
    const heads = new L1Heads(
      { clock: new ManualClock(0), logger: new MemoryLogger(), meter: new RecordingMeter() },
      { maxClockSkewSeconds: 3, slotSeconds: 12 },
    );
    const reader = new WatchedL1Reader({
      reader: new EthersL1Reader(
        { endpoints: rollup.endpoints },
        { contracts: rollup.contracts, startBlock: L1BlockNumber(0) },
      ),
      heads,
    });
    const drawn = committees();
    heads.onReorg(() => drawn.clear());
    await rollup.passTo(4);
    await rollup.enter(5);
    await rollup.publisher(1).checkpointRandao();
    await reader.head();
    const before = await drawn.committeeAt(Epoch(3));
    const seed = await source.seedOf(Epoch(3));
    await rollup.devnet.reorg(1);
    await reader.head();
    expect(await failure(drawn.committeeAt(Epoch(3)))).to.equal("CONSENSUS_EPOCH_NOT_FIXED");
    await rollup.enter(6);
    await rollup.publisher(1).checkpointRandao();
    await reader.head();
    expect(await source.seedOf(Epoch(3))).to.not.equal(seed);
    expect(await drawn.committeeAt(Epoch(3))).to.deep.equal(await rollup.committeeAt(3));
    expect(before).to.have.length(4);
  });
});

import { slotStart } from "@sprtn/consensus";
import { BlockNumber, Epoch, EthAddress, Slot } from "@sprtn/primitives";
import { encodeHeader, nextAccumulator, simulatedRootProof } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { buildBlock } from "@sprtn/state-transition";
import { FakeKvStore, MemoryLogger, RecordingMeter } from "@sprtn/testing";
import { expect } from "chai";
import { ProverErrorCode, ProverNode } from "./index.js";
import { proofQueue, ProvingChain } from "./test/proving-chain.js";

const prover = EthAddress(`0x${"aa".repeat(20)}`);
const other = EthAddress(`0x${"bb".repeat(20)}`);
/** `other` coordinates every epoch. */
const committees = { proposerAt: async () => other };
const codeOfFailure = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: { code?: string }) => error.code,
  );

const shared = new ProvingChain([1, 0, 2, 0]);

/** Eight slots per epoch: blocks 1 to 3 are epoch 0's (slots 2, 4, 6), 4 and 5 epoch 1's (slots 8, 10). */
async function setUp({
  made = shared,
  height = 3,
  store = new FakeKvStore(),
  provenBefore = 0,
}: { made?: ProvingChain; height?: number; store?: FakeKvStore; provenBefore?: number } = {}) {
  const deployment = made.deployment({ epochDuration: 8 });
  const clock = new ManualClock(1000 * slotStart(deployment.parameters, Slot(6)));
  const queue = await proofQueue(store, clock);
  const [logger, meter] = [new MemoryLogger(), new RecordingMeter()];
  const chain = await made.follower(height);
  if (provenBefore > 0) await chain.prove(provenBefore);
  const node = new ProverNode(
    {
      blocks: chain,
      forks: chain,
      txs: made.txs,
      keys: made.keys,
      queue: queue.broker,
      committees,
      clock,
      logger,
      meter,
    },
    { deployment, pollingIntervalMs: 500, ownAddress: prover },
  );
  await node.start(new AbortController().signal);
  await clock.advance(1000);
  const to = async (slot: number) => clock.advance(1000 * slotStart(deployment.parameters, Slot(slot)) - clock.nowMs());
  /** Asks, lets the queue be worked off, asks again. */
  const prove = async (epoch: number, by = prover) => {
    const first = await node.getEpochProof(Epoch(epoch), by);
    await queue.drain();
    return { first, later: await node.getEpochProof(Epoch(epoch), by) };
  };
  return { made, node, queue, chain, clock, logger, meter, to, prove, deployment };
}

const submissionOf = (made: ProvingChain, [first, last]: readonly [number, number], by = prover) => ({
  firstBlock: BlockNumber(first),
  header: encodeHeader(made.fixture.blocks[last]!.header),
  archive: made.fixture.blocks[last]!.archive,
  proof: simulatedRootProof(made.publicInputs(first, last, by)),
});

describe("prover node", () => {
  it("follows the pending chain: proves as soon as there is something to prove (PROV-5)", async () => {
    const { node, queue, chain, clock, made, meter } = await setUp({ height: 2 });
    await queue.drain();
    expect(queue.backend.proven).to.deep.equal(["block-root-pair"]);
    expect(await node.getEpochs()).to.deep.equal([
      {
        epoch: 0,
        firstBlock: 1,
        lastBlock: 2,
        jobsDone: 1,
        jobsTotal: 2,
        secondsLeft: 0,
        state: "collecting",
        failure: null,
        troubles: [],
      },
    ]);
    await chain.append(made.fixture.blocks[3]!);
    await clock.advance(500);
    await queue.drain();
    expect((await node.getEpochs())[0]).to.deep.include({ lastBlock: 3, jobsDone: 2, jobsTotal: 3 });
    await clock.advance(500);
    expect(meter.value("sprtn_prover_jobs", { state: "done" })).to.equal(2);
    await node.stop();
  });

  it("PROV-1: EPOCH_NOT_OVER, then null while the proof is made, then the proof; another's is another", async () => {
    const { node, to, prove, made } = await setUp();
    expect(await node.getEpochProof(Epoch(7), prover)).to.equal(null);
    expect(await codeOfFailure(node.getEpochProof(Epoch(0), prover))).to.equal(ProverErrorCode.EPOCH_NOT_OVER);
    await to(7);
    expect(await codeOfFailure(node.getEpochProof(Epoch(0), prover))).to.equal(ProverErrorCode.EPOCH_NOT_OVER);
    await to(8);
    expect((await node.getEpochs())[0]?.state).to.equal("proving");
    expect(await prove(0)).to.deep.equal({ first: null, later: submissionOf(made, [1, 3]) });
    expect(await prove(0, other)).to.deep.equal({ first: null, later: submissionOf(made, [1, 3], other) });
    expect((await node.getEpochs())[0]?.state).to.equal("proven");
    await node.stop();
  });

  it("LIMIT-25: only an epoch's coordinator and its own key get a proof; others' addresses start none", async () => {
    const { node, to, queue, prove, made } = await setUp();
    await to(8);
    const rootProofs = () => queue.backend.proven.filter(circuit => circuit.startsWith("root")).length;
    for (let i = 0; i < 100; i++) {
      const invented = EthAddress(`0x${(i + 1).toString(16).padStart(40, "0")}`);
      expect(await codeOfFailure(node.getEpochProof(Epoch(0), invented))).to.equal(ProverErrorCode.NOT_ENTITLED);
    }
    await queue.drain();
    expect(rootProofs()).to.equal(0);
    expect((await prove(0)).later).to.deep.equal(submissionOf(made, [1, 3]));
    expect((await prove(0, other)).later).to.deep.equal(submissionOf(made, [1, 3], other));
    expect(rootProofs()).to.equal(2);
    await node.stop();
  });

  it("PROV-1: with late proposals the epoch is over later", async () => {
    const made = new ProvingChain();
    const deployment = made.deployment({ epochDuration: 8, proposalLateness: 1 });
    const clock = new ManualClock(1000 * slotStart(deployment.parameters, Slot(8)));
    const { broker } = await proofQueue();
    const chain = await made.follower();
    const node = new ProverNode(
      {
        blocks: chain,
        forks: chain,
        txs: made.txs,
        keys: made.keys,
        queue: broker,
        committees,
        clock,
        logger: new MemoryLogger(),
        meter: new RecordingMeter(),
      },
      { deployment, pollingIntervalMs: 500, ownAddress: prover },
    );
    await node.start(new AbortController().signal);
    await clock.advance(7999);
    expect(await codeOfFailure(node.getEpochProof(Epoch(0), prover))).to.equal(ProverErrorCode.EPOCH_NOT_OVER);
    await clock.advance(1);
    expect(await node.getEpochProof(Epoch(0), prover)).to.equal(null);
    await node.stop();
  });

  it("does not finish an epoch of which it may not know every block", async () => {
    const { node, to, queue, chain, prove } = await setUp({ height: 2 });
    await to(8);
    chain.isSynced = false;
    expect((await prove(0)).later).to.equal(null);
    chain.isSynced = true;
    expect(queue.backend.proven.filter(name => name.startsWith("root"))).to.deep.equal([]);
    expect((await prove(0)).later).to.not.equal(null);
    await node.stop();
  });

  it("a block that L1 tells of late is in the proof, though one without it was made", async () => {
    const { node, to, prove, chain, made, clock } = await setUp({ height: 2 });
    await to(8);
    expect((await prove(0)).later).to.deep.equal(submissionOf(made, [1, 2]));
    await chain.append(made.fixture.blocks[3]!);
    expect((await prove(0)).later, "before the node has looked").to.equal(null);
    await clock.advance(500);
    expect(await prove(0)).to.deep.equal({ first: null, later: submissionOf(made, [1, 3]) });
    await node.stop();
  });

  it("so is one of which L1 tells while a proof without it is being made", async () => {
    const { node, to, prove, queue, chain, made, clock } = await setUp({ height: 2 });
    await to(8);
    expect(await node.getEpochProof(Epoch(0), prover)).to.equal(null);
    await chain.append(made.fixture.blocks[3]!);
    await clock.advance(500);
    await queue.drain();
    expect(await prove(0)).to.deep.equal({ first: null, later: submissionOf(made, [1, 3]) });
    await node.stop();
  });

  it("drops what a reorg removed, and proves what came instead", async () => {
    const { node, to, queue, chain, logger, made } = await setUp();
    await queue.drain();
    const proven = await setUp({ made });
    await proven.to(8);
    await proven.prove(0);
    await proven.chain.remove(1);
    expect(await proven.node.getEpochProof(Epoch(0), prover), "of a block that is gone").to.equal(null);
    await proven.node.stop();
    await chain.remove(1);
    // Another block 3.
    const fork = chain.forkAt(BlockNumber(2));
    const third = made.fixture.blocks[3]!.header;
    const { block } = buildBlock(
      { fork, lookups: { ...chain.lookups, messageIndex: () => undefined } },
      { txs: [], messages: [] },
      {
        ...made.fixture.environment(),
        number: third.number,
        slot: Slot(7),
        timestamp: slotStart(made.deployment().parameters, Slot(7)),
        baseFees: third.baseFees,
      },
    );
    await chain.append(block);
    await to(8);
    expect(await node.getEpochProof(Epoch(0), prover)).to.equal(null);
    await queue.drain();
    const { fixture } = made;
    const inputs = {
      ...made.publicInputs(1, 2, prover),
      endArchive: block.archive,
      endAccumulator: nextAccumulator(fixture.accumulators[2]!, block.headerHash),
    };
    expect(await node.getEpochProof(Epoch(0), prover)).to.deep.equal({
      firstBlock: BlockNumber(1),
      header: encodeHeader(block.header),
      archive: block.archive,
      proof: simulatedRootProof(inputs),
    });
    expect(logger.lines("error")).to.deep.equal([]);
    await node.stop();
  });

  it("PROV-1: a proof of the whole epoch is still one when somebody proved a prefix of it", async () => {
    const { node, to, chain, clock, made, prove, queue } = await setUp();
    await to(8);
    const whole = submissionOf(made, [1, 3]);
    expect((await prove(0)).later).to.deep.equal(whole);
    await chain.prove(1);
    await clock.advance(500);
    const { proven } = queue.backend;
    const before = proven.length;
    expect(await node.getEpochProof(Epoch(0), prover)).to.deep.equal(whole);
    expect(proven.length).to.equal(before);
    await node.stop();
  });

  it("a node that begins behind a proven prefix proves the rest of the epoch", async () => {
    const { node, to, queue, made, prove } = await setUp({ provenBefore: 1 });
    await queue.drain();
    await to(8);
    expect((await prove(0)).later).to.deep.equal(submissionOf(made, [2, 3]));
    await node.stop();
  });

  it("goes on behind what is proven and forgets what is over", async () => {
    const { node, to, queue, chain, clock, made, prove } = await setUp({ height: 5 });
    await queue.drain();
    await to(8);
    expect((await prove(0)).later).to.deep.equal(submissionOf(made, [1, 3]));
    await chain.prove(3);
    await clock.advance(500);
    expect((await node.getEpochs()).map(({ epoch }) => epoch)).to.deep.equal([1]);
    const before = queue.broker.status().done;
    await to(16);
    expect((await prove(1)).later).to.deep.equal(submissionOf(made, [4, 5]));
    await chain.prove(5);
    await clock.advance(500);
    expect(await node.getEpochs()).to.deep.equal([]);
    expect(queue.broker.status().done).to.be.below(before);
    expect(await node.getEpochProof(Epoch(1), prover)).to.equal(null);
    await node.stop();
  });

  it("a block whose transactions are missing waits, is asked for again, and the reason is said once", async () => {
    const made = new ProvingChain([2]);
    const missing = made.txs.pending(5).at(-1)!;
    made.txs.remove(missing.hash);
    const { node, clock, logger } = await setUp({ made, height: 2 });
    await clock.advance(30_000);
    expect(logger.lines("warn").map(line => line.fields["code"])).to.deep.equal([ProverErrorCode.MISSING_TXS]);
    expect((await node.getEpochs())[0]?.lastBlock).to.equal(1);
    await made.txs.add(missing);
    await clock.advance(1000);
    expect((await node.getEpochs())[0]?.lastBlock).to.equal(2);
    await node.stop();
  });

  it("an epoch whose proof failed is said once, and begun anew", async () => {
    const { node, to, queue, clock, logger, made, prove } = await setUp();
    await to(8);
    queue.backend.onProve = circuit => {
      if (circuit === "root-two") throw new TypeError("the disk is full");
    };
    for (let i = 0; i < 3; i++) await node.getEpochProof(Epoch(0), prover);
    await queue.drain();
    expect(logger.lines("error").map(line => line.fields["code"])).to.deep.equal([ProverErrorCode.JOB_FAILED]);
    const [failed] = await node.getEpochs();
    expect(failed).to.include({ epoch: 0, state: "failed", firstBlock: 1, lastBlock: 3 });
    expect(failed?.failure).to.include("the disk is full");
    expect(failed?.troubles.map(({ circuit, reason }) => ({ circuit, reason }))).to.deep.equal([
      { circuit: "root-two", reason: "the disk is full" },
    ]);
    queue.backend.onProve = () => {};
    const before = queue.backend.proven.length;
    await clock.advance(500);
    expect((await prove(0)).later).to.deep.equal(submissionOf(made, [1, 3]));
    expect(queue.backend.proven.slice(before)).to.deep.equal(["root-two"]);
    await node.stop();
  });

  it("of what its jobs met with, an epoch shows its own, eight at most", async () => {
    const { node, queue } = await setUp();
    const trouble = { circuit: "tx-base", code: "X", reason: "x" } as const;
    queue.broker.troubles = async () =>
      Array.from({ length: 20 }, (_, n) => ({ ...trouble, job: `${n}`, epoch: n % 2 }));
    const [epoch] = await node.getEpochs();
    expect(epoch?.troubles.map(({ job }) => Number(job))).to.deep.equal([0, 2, 4, 6, 8, 10, 12, 14]);
    await node.stop();
  });

  it("one that fails again and again is begun anew after longer and longer pauses, and shown meanwhile", async () => {
    const { node, to, queue, clock, prove, made } = await setUp();
    await to(8);
    let tries = 0;
    queue.backend.onProve = circuit => {
      if (circuit !== "root-two") return;
      tries++;
      throw new TypeError("it takes more memory than there is");
    };
    const triesWithin = async (seconds: number) => {
      const before = tries;
      for (let second = 0; second < seconds; second++) {
        await node.getEpochProof(Epoch(0), prover);
        await queue.drain();
        await clock.advance(1_000);
        if (tries === 0) continue;
        const [epoch] = await node.getEpochs();
        expect(epoch?.troubles.length).to.equal(1);
        expect(epoch?.failure).to.include("memory");
      }
      return tries - before;
    };
    expect(await triesWithin(5)).to.equal(2);
    expect(await triesWithin(100)).to.equal(1);
    expect(await triesWithin(60)).to.equal(0);
    expect(await triesWithin(60)).to.equal(1);
    queue.backend.onProve = () => {};
    await clock.advance(900_000);
    expect((await prove(0)).later).to.deep.equal(submissionOf(made, [1, 3]));
    expect((await node.getEpochs())[0]).to.deep.include({ state: "proven", failure: null, troubles: [] });
    await node.stop();
  });

  it("one whose pause ends between two of its blocks is begun anew with the first of them", async () => {
    const { node, to, queue, clock, prove, made, chain } = await setUp();
    await to(8);
    queue.backend.onProve = circuit => {
      if (circuit === "root-two") throw new TypeError("it takes more memory than there is");
    };
    for (let time = 0; time < 2; time++) {
      await node.getEpochProof(Epoch(0), prover);
      await queue.drain();
      if (time === 0) await clock.advance(500);
    }
    queue.backend.onProve = () => {};
    const untilMs = clock.nowMs() + 60_000;
    const read = chain.block.bind(chain);
    chain.block = async number => {
      if (number === 2 && clock.nowMs() < untilMs && clock.nowMs() > untilMs - 2_000)
        clock.advanceSync(untilMs - clock.nowMs());
      return read(number);
    };
    await clock.advance(61_000);
    expect((await prove(0)).later).to.deep.equal(submissionOf(made, [1, 3]));
    await node.stop();
  });

  it("after a restart nothing that was proven is proven again", async () => {
    const store = new FakeKvStore();
    const first = await setUp({ store });
    await first.queue.drain();
    await first.node.stop();
    const second = await setUp({ store, made: first.made });
    await second.to(8);
    expect((await second.prove(0)).later).to.deep.equal(submissionOf(second.made, [1, 3]));
    expect(second.queue.backend.proven).to.deep.equal(["root-two"]);
    await second.node.stop();
  });

  it("stopping while a proof is made is not a failure, and leaves no timer", async () => {
    const { node, to, clock, logger } = await setUp();
    await to(8);
    expect(await node.getEpochProof(Epoch(0), prover)).to.equal(null);
    await node.stop();
    await clock.advance(0);
    expect(logger.lines("error")).to.deep.equal([]);
    expect(logger.lines("warn")).to.deep.equal([]);
    expect(clock.pendingTimers).to.equal(0);
  });
});

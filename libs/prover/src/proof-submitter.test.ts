import { EpochCommittees, seedOf, slotStart } from "@sprtn/consensus";
import { CodedError, type Epoch, EthAddress, Slot, UnixSeconds } from "@sprtn/primitives";
import type { ProofSubmission } from "@sprtn/ports";
import { encodeHeader, type RollupParameters } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import { ChainFixture } from "@sprtn/state-transition/chain-fixture";
import {
  chainDeployment,
  fakeAddresses,
  FakeChain,
  FakePublisher,
  FakeRollupView,
  MemoryLogger,
  RecordingMeter,
} from "@sprtn/testing";
import { expect } from "chai";
import { ProofSubmitter, ProverError, ProverErrorCode } from "./index.js";

const addresses = fakeAddresses(4);
const stranger = EthAddress(`0x${"ee".repeat(20)}`);

/** One block in slot 2 of epoch 0, whose slots end at 1032; D1 is 1128, D2 1224. */
async function setUp(
  options: {
    by?: EthAddress;
    whenAnyoneMay?: boolean;
    parameters?: Partial<RollupParameters>;
    members?: readonly EthAddress[];
    /** By how much the clock is ahead of L1, s. */
    ahead?: number;
  } = {},
) {
  const fixture = new ChainFixture();
  const { block } = fixture.mine([]);
  const deployment = chainDeployment(fixture, options.parameters);
  const chain = new FakeChain(fixture);
  await chain.follow();
  const source = {
    validatorsAt: async () => options.members ?? addresses,
    seedOf: async (epoch: Epoch) => seedOf(epoch, 5n),
  };
  const committees = new EpochCommittees({ source }, { committeeSize: 4, epochDuration: 4 });
  const coordinator = await committees.proposerAt(Slot(3));
  const [clock, logger, meter] = [new ManualClock(1_016_000), new MemoryLogger(), new RecordingMeter()];
  // L1's next block comes at once, unless the clock is ahead.
  const l1Time = { nextBlock: () => UnixSeconds(Math.floor(clock.nowMs() / 1000) - (options.ahead ?? 0)) };
  const publisher = new FakePublisher(options.by ?? (coordinator as EthAddress));
  const rollup = new FakeRollupView(chain);
  const asked: (readonly [Epoch, EthAddress])[] = [];
  const proof: ProofSubmission = {
    firstBlock: block.header.number,
    header: encodeHeader(block.header),
    archive: block.archive,
    proof: Uint8Array.of(1),
  };
  const answer = { proof: proof as ProofSubmission | null };
  const proofs = {
    getEpochProof: async (epoch: Epoch, by: EthAddress) => {
      asked.push([epoch, by]);
      return answer.proof;
    },
    getEpochs: async () => [],
  };
  const submitter = new ProofSubmitter(
    { blocks: chain, rollup, committees, proofs, publisher, clock, l1Time, logger, meter },
    { deployment, pollingIntervalMs: 1000, whenAnyoneMay: options.whenAnyoneMay ?? true },
  );
  publisher.onSend = () => chain.prove();
  await submitter.start(new AbortController().signal);
  const at = async (second: number) => {
    await clock.advance(1000 * second - clock.nowMs());
    return publisher.proofs().length;
  };
  return {
    submitter,
    chain,
    rollup,
    publisher,
    proofs,
    proof,
    answer,
    asked,
    clock,
    logger,
    meter,
    at,
    coordinator,
    deployment,
  };
}

describe("PROV-2: who sends an epoch's proof", () => {
  it("its coordinator: the proposer of its last slot, from when it is over, once", async () => {
    const { at, publisher, asked, coordinator, proof, submitter, meter } = await setUp({ whenAnyoneMay: false });
    expect(await at(1031)).to.equal(0);
    expect(asked).to.deep.equal([]);
    expect(await at(1033)).to.equal(1);
    expect(publisher.proofs()).to.deep.equal([proof]);
    expect(asked).to.deep.equal([[0, coordinator]]);
    expect(await at(1300)).to.equal(1);
    expect(meter.value("sprtn_prover_submissions_total", { outcome: "accepted" })).to.equal(1);
    await submitter.stop();
  });

  it("gives up a proof that is stuck after a slot, as its key has blocks to propose, and sends it again", async () => {
    const { at, publisher, submitter, logger } = await setUp();
    const { submitProof } = publisher;
    let given = 0;
    publisher.submitProof = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          given++;
          publisher.submitProof = submitProof;
          reject(new Error("given up"));
        });
      });
    expect(await at(1033)).to.equal(0);
    expect(given).to.equal(0);
    await at(1033 + 8);
    expect(given).to.equal(1);
    expect(await at(1033 + 10)).to.equal(1);
    // An L1 that is slow for once is nothing to look at.
    expect(logger.lines("warn")).to.deep.equal([]);
    await submitter.stop();
  });

  it("nobody else before D1; anyone from D1 to D2, if told to; nobody after D2", async () => {
    const anyone = await setUp({ by: stranger });
    expect(await anyone.at(1127.999)).to.equal(0);
    expect(await anyone.at(1129)).to.equal(1);
    await anyone.submitter.stop();

    const modest = await setUp({ by: stranger, whenAnyoneMay: false });
    expect(await modest.at(1300)).to.equal(0);
    await modest.submitter.stop();

    const late = await setUp({ by: stranger });
    late.chain.isSynced = false;
    await late.at(1225);
    late.chain.isSynced = true;
    expect(await late.at(1400)).to.equal(0);
    await late.submitter.stop();

    const justInTime = await setUp({ by: stranger });
    justInTime.chain.isSynced = false;
    await justInTime.at(1223.5);
    justInTime.chain.isSynced = true;
    expect(await justInTime.at(1224.5)).to.equal(1);
    await justInTime.submitter.stop();
  });

  it("the coordinator, too, leaves it to the prover nodes after D1", async () => {
    const { at, chain, submitter } = await setUp({ whenAnyoneMay: false });
    chain.isSynced = false;
    await at(1129);
    chain.isSynced = true;
    expect(await at(1200)).to.equal(0);
    await submitter.stop();
  });

  it("with the right open, provers from the start", async () => {
    const prover = await setUp({ by: stranger, parameters: { provingRight: "open" } });
    expect(await prover.at(1034)).to.equal(1);
    await prover.submitter.stop();
    const validator = await setUp({ parameters: { provingRight: "open" }, whenAnyoneMay: false });
    expect(await validator.at(1034)).to.equal(0);
    await validator.submitter.stop();
  });

  it("TIME-1: a clock that is ahead of L1 sends nothing before L1 would take it", async () => {
    const { at, submitter } = await setUp({ ahead: 60 });
    expect(await at(1032 + 59)).to.equal(0);
    expect(await at(1032 + 62)).to.equal(1);
    await submitter.stop();
  });

  it("an epoch without a committee has no coordinator: provers may (COM-4)", async () => {
    const { at, submitter } = await setUp({ by: stranger, members: [], parameters: { openBootstrap: true } });
    expect(await at(1034)).to.equal(1);
    await submitter.stop();
  });

  it("PROV-1: with late proposals the epoch is over later", async () => {
    const { at, submitter, deployment } = await setUp({ parameters: { proposalLateness: 2 } });
    expect(slotStart(deployment.parameters, Slot(6))).to.equal(1048);
    expect(await at(1047.9)).to.equal(0);
    expect(await at(1049)).to.equal(1);
    await submitter.stop();
  });
});

describe("sending a proof", () => {
  it("asks again while it is being made", async () => {
    const { at, answer, asked, proof, submitter } = await setUp();
    answer.proof = null;
    expect(await at(1040)).to.equal(0);
    expect(asked.length).to.be.above(3);
    answer.proof = proof;
    expect(await at(1042)).to.equal(1);
    await submitter.stop();
  });

  it("sends nothing when L1 has a proof that the node does not know of yet, or the node is not synced", async () => {
    const { at, rollup, chain, submitter } = await setUp();
    const { tips } = rollup;
    rollup.tips = async () => ({ ...(await tips.call(rollup)), proven: (await tips.call(rollup)).pending });
    expect(await at(1040)).to.equal(0);
    rollup.tips = tips;
    chain.isSynced = false;
    expect(await at(1050)).to.equal(0);
    chain.isSynced = true;
    expect(await at(1052)).to.equal(1);
    await submitter.stop();
  });

  it("sends nothing when all is proven", async () => {
    const { at, chain, asked, submitter } = await setUp();
    await chain.prove();
    await at(1200);
    expect(asked).to.deep.equal([]);
    await submitter.stop();
  });

  it("a revert is told, counted by its code, and tried again", async () => {
    const { at, publisher, chain, logger, meter, submitter } = await setUp();
    publisher.onSend = () => {
      throw new ProverError(ProverErrorCode.DISAGREES, "reverted");
    };
    await at(1032.5);
    expect(logger.lines("warn").map(line => line.fields["code"])).to.deep.equal([ProverErrorCode.DISAGREES]);
    expect(meter.value("sprtn_prover_submissions_total", { outcome: ProverErrorCode.DISAGREES })).to.equal(1);
    publisher.onSend = () => chain.prove();
    expect(await at(1034)).to.equal(2);
    await submitter.stop();
  });

  for (const [what, error] of [
    ["a prover that is not as far in time", new ProverError(ProverErrorCode.EPOCH_NOT_OVER, "not over")],
    [
      "a prover that has not seen the epoch's last block",
      new CodedError("L1_REVERTED", "refused", { reason: "Prov1_NotEndOfEpoch" }),
    ],
    ["an L1 that is away", new CodedError("FAKE_L1_DOWN", "no L1 endpoint works", { endpoints: ["http://l1"] })],
  ] as const)
    it(`${what} is waited for without a word, until that goes on`, async () => {
      const { at, proofs, logger, submitter } = await setUp();
      const { getEpochProof } = proofs;
      proofs.getEpochProof = async () => {
        throw error;
      };
      await at(1034.5);
      expect(logger.lines("warn")).to.deep.equal([]);
      proofs.getEpochProof = getEpochProof;
      expect(await at(1036)).to.equal(1);
      await submitter.stop();

      const long = await setUp();
      long.proofs.getEpochProof = async () => {
        throw error;
      };
      await long.at(1045);
      expect(long.logger.lines("warn").map(line => line.fields["code"])).to.deep.equal([error.code]);
      await long.submitter.stop();
    });

  it("a prover that cannot prove it is told once, and asked again", async () => {
    const { at, proofs, logger, submitter } = await setUp();
    const { getEpochProof } = proofs;
    proofs.getEpochProof = async () => {
      throw new ProverError(ProverErrorCode.DISAGREES, "disagrees");
    };
    expect(await at(1035)).to.equal(0);
    expect(logger.lines("warn").map(line => line.fields["code"])).to.deep.equal([ProverErrorCode.DISAGREES]);
    proofs.getEpochProof = getEpochProof;
    expect(await at(1037)).to.equal(1);
    await submitter.stop();
  });
});

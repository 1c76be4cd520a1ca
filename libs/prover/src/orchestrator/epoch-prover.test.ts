import { Epoch, EthAddress, Field } from "@sprtn/primitives";
import { constants, rootPublicInputsToFields, simulatedRootProof } from "@sprtn/protocol";
import { ManualClock } from "@sprtn/runtime";
import type { BlockWitness } from "@sprtn/state-transition";
import { expect } from "chai";
import { EpochProver, gatherWitness, ProverErrorCode } from "../index.js";
import { proofQueue, ProvingChain } from "../test/proving-chain.js";

const prover = EthAddress(`0x${"aa".repeat(20)}`);
const clock = new ManualClock();
const never = new AbortController().signal;

/** Blocks 1 to 7: a deposit, then blocks of 0 to 5 transactions. */
const shared = new ProvingChain([2, 0, 3, 4, 5, 1]);

const following = shared.follower();
const witnesses = new Map<number, Promise<BlockWitness>>();

/** Gathered once for all tests. */
function witnessOf(number: number): Promise<BlockWitness> {
  const known =
    witnesses.get(number) ??
    following.then(chain =>
      gatherWitness(
        { blocks: chain, forks: chain, txs: shared.txs, keys: shared.keys },
        { deployment: shared.deployment(), block: shared.fixture.blocks[number]! },
        never,
      ),
    );
  witnesses.set(number, known);
  return known;
}

function addBlock(epochProver: EpochProver, witness: BlockWitness, startAccumulator: Field): void {
  epochProver.startBlock({ root: witness.root, startAccumulator });
  for (const processedTx of witness.bases) epochProver.addTx(processedTx);
}

async function feed(epochProver: EpochProver, first: number, last: number): Promise<void> {
  for (let number = first; number <= last; number++)
    addBlock(epochProver, await witnessOf(number), shared.fixture.accumulators[number - 1]!);
}

async function prove(queue: Awaited<ReturnType<typeof proofQueue>>, first: number, last: number) {
  const epochProver = new EpochProver({ queue: queue.broker, keys: shared.keys, clock }, Epoch(0));
  await feed(epochProver, first, last);
  const root = epochProver.finalizeEpoch(prover);
  await queue.drain();
  return { epochProver, root: await root };
}

describe("proving an epoch", () => {
  it("the root's public inputs are the chain's, for epochs of 1 to 7 blocks of 0 to 5 transactions", async () => {
    const queue = await proofQueue();
    for (let last = 1; last <= 7; last++) {
      const { epochProver, root } = await prove(queue, 1, last);
      const inputs = shared.publicInputs(1, last, prover);
      expect(root.publicInputs).to.deep.equal(rootPublicInputsToFields(inputs));
      expect(root.proof).to.deep.equal(simulatedRootProof(inputs));
      expect(epochProver.jobs.done).to.equal(epochProver.jobs.total);
    }
    // Blocks are shared by all seven, so their proofs were made once.
    const count = (name: string) => queue.backend.proven.filter(each => each === name).length;
    expect(count("tx-base")).to.equal(14);
    // Blocks of 3, 4 and 5 transactions have 1, 2 and 3 merges below their block root.
    expect(count("tx-merge")).to.equal(6);
    expect([count("block-root-empty"), count("block-root-one"), count("block-root-two")]).to.deep.equal([1, 0, 4]);
    // Blocks 1 and 7 have one transaction and no neighbour that has.
    expect([count("block-root-single"), count("block-root-pair")]).to.deep.equal([2, 0]);
    // The root takes two ranges: only an epoch of one block has a root over one.
    expect([count("root-one"), count("root-two")]).to.deep.equal([1, 6]);
  });

  it(
    "proves blocks of one transaction two at a time, a last one alone, and a block with many messages " +
      "the long way",
    async () => {
      const singles = new ProvingChain([1, 1, 1]);
      for (let i = 0; i < constants.MESSAGES_OF_SINGLE_BLOCK + 1; i++) singles.fixture.message(Field(101), 5n);
      singles.mine(singles.payments(1));
      const chain = await singles.follower();
      const queue = await proofQueue();
      const epochProver = new EpochProver({ queue: queue.broker, keys: singles.keys, clock }, Epoch(0));
      for (const block of singles.fixture.blocks.slice(1)) {
        addBlock(
          epochProver,
          await gatherWitness(
            { blocks: chain, forks: chain, txs: singles.txs, keys: singles.keys },
            { deployment: singles.deployment(), block },
            never,
          ),
          singles.fixture.accumulators[block.header.number - 1]!,
        );
        if (block.header.number !== 3) continue;
        const early = epochProver.finalizeEpoch(prover);
        await queue.drain();
        expect((await early).publicInputs).to.deep.equal(rootPublicInputsToFields(singles.publicInputs(1, 3, prover)));
        expect(queue.backend.proven).to.have.members(["block-root-pair", "block-root-single", "root-two"]);
      }
      const root = epochProver.finalizeEpoch(prover);
      await queue.drain();
      expect((await root).publicInputs).to.deep.equal(rootPublicInputsToFields(singles.publicInputs(1, 5, prover)));
      // Block 3 again, with block 4; block 5 has too many messages for the circuits that take one transaction.
      expect(queue.backend.proven.slice(3)).to.have.members([
        "block-root-pair",
        "tx-base",
        "block-root-one",
        "block-merge",
        "root-two",
      ]);
    },
  );

  it("an epoch in the middle of the chain", async () => {
    const { root } = await prove(await proofQueue(), 3, 5);
    expect(root.publicInputs).to.deep.equal(rootPublicInputsToFields(shared.publicInputs(3, 5, prover)));
  });

  it(
    "begins with a transaction as soon as it is there, merges two neighbours when a block comes after " +
      "them, higher ones first",
    async () => {
      const queue = await proofQueue();
      const epochProver = new EpochProver({ queue: queue.broker, keys: shared.keys, clock }, Epoch(0));
      const merges = () => queue.backend.proven.filter(name => name === "block-merge").length;
      await feed(epochProver, 1, 2);
      await queue.drain();
      // The root could take these two itself.
      expect(merges()).to.equal(0);
      await feed(epochProver, 3, 4);
      const heights = await queue.drain();
      expect(merges()).to.equal(1);
      expect(heights[0]).to.equal(65);
      const root = epochProver.finalizeEpoch(prover);
      await queue.drain();
      await root;
      // Four blocks: two merges and the root; a merge of all four would be one too many.
      expect(merges()).to.equal(2);
    },
  );

  it("WRONG_ORDER: a block before the last one is complete, a transaction too many", async () => {
    const { broker } = await proofQueue();
    const epochProver = new EpochProver({ queue: broker, keys: shared.keys, clock }, Epoch(0));
    const witness = await witnessOf(1);
    expect(() => epochProver.addTx(witness.bases[0]!)).to.throw("all of its transactions");
    epochProver.startBlock({ root: witness.root, startAccumulator: shared.fixture.accumulators[0]! });
    expect(() =>
      epochProver.startBlock({ root: witness.root, startAccumulator: shared.fixture.accumulators[0]! }),
    ).to.throw("still lacks 1");
    epochProver.addTx(witness.bases[0]!);
    expect(() => epochProver.addTx(witness.bases[0]!)).to.throw("all of its transactions");
    epochProver.cancel();
  });

  it("PROV-2: is bound to who sends it, and made once for each", async () => {
    const queue = await proofQueue();
    const epochProver = new EpochProver({ queue: queue.broker, keys: shared.keys, clock }, Epoch(0));
    await feed(epochProver, 1, 3);
    const other = EthAddress(`0x${"bb".repeat(20)}`);
    const both = Promise.all([
      epochProver.finalizeEpoch(prover),
      epochProver.finalizeEpoch(other),
      epochProver.finalizeEpoch(prover),
    ]);
    await queue.drain();
    const [one, two, again] = await both;
    expect(one.publicInputs.slice(0, 6)).to.deep.equal(two.publicInputs.slice(0, 6));
    expect([one, two].map(proof => proof.publicInputs[6])).to.deep.equal([BigInt(prover), BigInt(other)]);
    expect(again).to.equal(one);
    expect(queue.backend.proven.filter(name => name === "root-two").length).to.equal(2);
  });

  it("a block that comes after the proof was asked for is in the next one", async () => {
    const queue = await proofQueue();
    const epochProver = new EpochProver({ queue: queue.broker, keys: shared.keys, clock }, Epoch(0));
    await feed(epochProver, 1, 2);
    const early = epochProver.finalizeEpoch(prover);
    await feed(epochProver, 3, 3);
    const late = epochProver.finalizeEpoch(prover);
    await queue.drain();
    expect((await early).publicInputs[3]).to.equal(shared.fixture.blocks[2]!.archive);
    expect((await late).publicInputs[3]).to.equal(shared.fixture.blocks[3]!.archive);
  });

  it("after a restart asks for the same jobs and finds them done", async () => {
    const first = await proofQueue();
    await prove(first, 1, 3);
    const second = await proofQueue(first.store);
    const { root } = await prove(second, 1, 3);
    expect(second.backend.proven).to.deep.equal([]);
    expect(root.publicInputs).to.deep.equal(rootPublicInputsToFields(shared.publicInputs(1, 3, prover)));
  });

  it("JOB_FAILED: names the circuit and the constraint; asked again it tries again", async () => {
    const queue = await proofQueue();
    const epochProver = new EpochProver({ queue: queue.broker, keys: shared.keys, clock }, Epoch(0));
    const witness = await witnessOf(1);
    addBlock(
      epochProver,
      { ...witness, root: { ...witness.root, header: { ...witness.root.header, daHash: Field(1) } } },
      shared.fixture.accumulators[0]!,
    );
    const failure = epochProver.finalizeEpoch(prover).catch((error: unknown) => error);
    await queue.drain();
    const error = await failure;
    expect(error).to.include({ code: ProverErrorCode.JOB_FAILED });
    expect((error as Error).message)
      .to.contain("block-root-single")
      .and.contain("daHash");
  });

  it("a client proof that does not verify fails what takes it", async () => {
    const witness = await witnessOf(1);
    const [base] = witness.bases;
    const queue = await proofQueue();
    const epochProver = new EpochProver({ queue: queue.broker, keys: shared.keys, clock }, Epoch(0));
    addBlock(
      epochProver,
      { ...witness, bases: [{ ...base!, transfer: { ...base!.transfer, proof: new Uint8Array(8) } }] },
      shared.fixture.accumulators[0]!,
    );
    const failure = epochProver.finalizeEpoch(prover).catch((error: unknown) => error);
    await queue.drain();
    expect(String(await failure)).to.contain("CIRCUIT_BAD_CHILD");
  });

  it("NOTHING_TO_PROVE for an epoch without blocks; ABORTED once it is cancelled", async () => {
    const { broker } = await proofQueue();
    const empty = new EpochProver({ queue: broker, keys: shared.keys, clock }, Epoch(3));
    expect(await empty.finalizeEpoch(prover).catch((error: unknown) => error)).to.include({
      code: ProverErrorCode.NOTHING_TO_PROVE,
    });
    const cancelled = new EpochProver({ queue: broker, keys: shared.keys, clock }, Epoch(0));
    await feed(cancelled, 1, 1);
    const failure = cancelled.finalizeEpoch(prover).catch((error: unknown) => error);
    cancelled.cancel();
    expect(await failure).to.include({ code: "RUNTIME_ABORTED" });
  });
});

describe("gathering a block's witness", () => {
  const made = new ProvingChain([2]);
  const gather = async (change: (follower: Awaited<ReturnType<ProvingChain["follower"]>>) => void, number = 2) => {
    const follower = await made.follower();
    change(follower);
    const controller = new AbortController();
    controller.abort();
    return gatherWitness(
      { blocks: follower, forks: follower, txs: made.txs, keys: made.keys },
      { deployment: made.deployment(), block: made.fixture.blocks[number]! },
      controller.signal,
    ).then(
      () => "gathered",
      (error: { code?: string }) => error.code,
    );
  };

  it("MISSING_TXS, STATE_NOT_KEPT, DISAGREES: each says what to do", async () => {
    expect(await gather(() => {})).to.equal("gathered");
    expect(await gather(follower => void (follower.referenceAt = () => undefined))).to.equal(
      ProverErrorCode.STATE_NOT_KEPT,
    );
    expect(await gather(follower => void (follower.messageIndex = async () => undefined), 1)).to.equal(
      ProverErrorCode.STATE_NOT_KEPT,
    );
    expect(await gather(follower => void (follower.messages = async () => [Field(5)]))).to.equal(
      ProverErrorCode.DISAGREES,
    );
    made.txs.remove(made.fixture.blocks[2]!.effects[1]!.txHash);
    expect(await gather(() => {})).to.equal(ProverErrorCode.MISSING_TXS);
  });
});

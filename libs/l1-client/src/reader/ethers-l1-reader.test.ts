import type { L1Event } from "@sprtn/ports";
import { Field, fieldToHex, L1BlockNumber, toHex } from "@sprtn/primitives";
import { encodeEffects, hashL1ToL2Message, inHashOf } from "@sprtn/protocol";
import { buildEffect } from "@sprtn/testing";
import { expect } from "chai";
import { oracleInterface, rollupInterface } from "../contracts/interfaces.js";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { L1DepositClient } from "../l1-deposit-client.js";
import type { EthersL1Publisher } from "../publisher/ethers-l1-publisher.js";
import { TestRollup } from "../testing/test-rollup.js";
import { EthersL1Reader } from "./ethers-l1-reader.js";

const effects = (count: number, salt = 0) =>
  Array.from({ length: count }, (_, index) => buildEffect(salt * 1000 + index));

async function codeOfFailure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it should have failed"),
    (error: { code?: string }) => error.code,
  );
}

describe("EthersL1Reader", () => {
  let rollup: TestRollup;
  let publisher: EthersL1Publisher;
  let reader: EthersL1Reader;
  let snapshot: string;

  before(async () => {
    rollup = await TestRollup.start();
    publisher = rollup.publisher(1);
    reader = readerOf(rollup.endpoints);
    snapshot = await rollup.devnet.snapshot();
  });

  afterEach(async () => {
    await rollup.devnet.revert(snapshot);
    snapshot = await rollup.devnet.snapshot();
  });

  after(async () => rollup.stop());

  function readerOf(endpoints: L1Endpoints): EthersL1Reader {
    return new EthersL1Reader({ endpoints }, { contracts: rollup.contracts, startBlock: L1BlockNumber(0) });
  }

  async function allEvents(from = reader): Promise<readonly L1Event[]> {
    return from.events(L1BlockNumber(0), (await from.head()).number);
  }

  it("knows head, finalized block and blocks by number", async () => {
    await rollup.devnet.mine(70);
    const head = await reader.head();
    const block = await rollup.devnet.provider.getBlock("latest");
    expect(head).to.deep.equal({ number: block?.number, hash: block?.hash, timestamp: block?.timestamp });
    expect((await reader.finalized()).number).to.equal(head.number - 64);
    expect(await reader.block(head.number)).to.deep.equal({ ...head, eventless: true });
    expect(await reader.block(L1BlockNumber(head.number + 1))).to.equal(undefined);
  });

  it("joins header, effects and processing of one transaction into one event", async () => {
    const block = await rollup.propose(publisher, 2, effects(3));
    const [event, ...others] = await allEvents();
    expect(others).to.deep.equal([]);
    if (event?.type !== "block-proposed") return expect.fail(`it is ${event?.type}`);
    expect(event.number).to.equal(1);
    expect(toHex(event.header)).to.equal(toHex(block.header));
    expect(event.archive).to.equal(block.archive);
    expect(toHex(event.effects)).to.equal(toHex(encodeEffects(effects(3))));
    const head = await reader.head();
    expect(event.position).to.include({ blockNumber: head.number, blockHash: head.hash });
  });

  it("knows which blocks can hold no event, and what all events add up to", async () => {
    const before = await reader.head();
    const deposits = new L1DepositClient(
      { sender: rollup.sender(2), endpoints: rollup.endpoints },
      { contracts: rollup.contracts },
    );
    await deposits.mint(1000n);
    const sent = await deposits.deposit({ recipient: Field(5n), amount: 1000n, secretHash: Field(9n) });
    const message = await reader.head();
    const first = await rollup.propose(publisher, 2, effects(1));
    const proposed = await reader.head();
    await rollup.devnet.mine(2);
    const quiet = await reader.head();
    for (const [ref, eventless] of [
      [message, false],
      [proposed, false],
      [quiet, true],
    ] as const)
      expect((await reader.block(ref.number))?.eventless).to.equal(eventless);
    const state = await reader.stateAt(quiet);
    expect(state).to.include({ pending: 1, proven: 0, archive: first.archive });
    expect(state?.inHashes[sent.blockNumber - 2]).to.equal(inHashOf([sent.hash]));
    expect(await reader.stateAt(message)).to.include({ pending: 0 });
    expect((await reader.stateAt(before))?.inHashes.every(hash => hash === inHashOf([]))).to.equal(true);
  });

  it("gives a block without transactions no effects", async () => {
    await rollup.propose(publisher, 2);
    const [event] = await allEvents();
    expect(event).to.include({ type: "block-proposed", number: 1 });
    expect(event?.type === "block-proposed" && event.effects.length).to.equal(0);
  });

  it("puts chunks together, also those published long before", async () => {
    const chunked = rollup.publisher(1, { maxEffectsCalldataBytes: 1000 });
    const many = effects(300);
    await rollup.enter(2);
    await chunked.propose([await rollup.build(2, many)]);
    const at = (await reader.head()).number;
    const [event] = await reader.events(at, at);
    expect(event?.type === "block-proposed" && toHex(event.effects)).to.equal(toHex(encodeEffects(many)));
  });

  it("finds header and effects that earlier transactions published", async () => {
    const block = await rollup.build(3, effects(2));
    const sender = rollup.sender(2);
    const { availabilityOracle, rollup: to } = rollup.contracts;
    await sender.send([
      { to: availabilityOracle, data: oracleInterface.encodeFunctionData("publishHeader", [block.header]) },
    ]);
    await sender.send([
      { to: availabilityOracle, data: oracleInterface.encodeFunctionData("publishEffects", [block.effects]) },
    ]);
    await rollup.devnet.mine(20);
    await rollup.enter(3);
    await sender.send([
      {
        to,
        data: rollupInterface.encodeFunctionData("processPendingBlock", [
          block.header,
          fieldToHex(block.archive),
          block.signatures,
        ]),
        gasLimit: 2_000_000n,
      },
    ]);
    const at = (await reader.head()).number;
    for (const maxLogRange of [7, 1000]) {
      const [event] = await readerOf(rollup.endpointsAt([rollup.devnet.url], 31337n, { maxLogRange })).events(at, at);
      if (event?.type !== "block-proposed") return expect.fail(`it is ${event?.type}`);
      expect(toHex(event.header)).to.equal(toHex(block.header));
      expect(toHex(event.effects)).to.equal(toHex(block.effects));
    }
  });

  it("keeps two blocks of one transaction apart and in order (PEND-9)", async () => {
    const late = await TestRollup.start({ proposalLateness: 1 });
    try {
      const first = await late.build(3, effects(1));
      const second = await late.build(4, effects(2, 1), { parent: late.after(first) });
      await late.enter(4);
      await late.publisher(1).propose([first, second]);
      const own = new EthersL1Reader(
        { endpoints: late.endpoints },
        { contracts: late.contracts, startBlock: L1BlockNumber(0) },
      );
      const events = await allEvents(own);
      expect(
        events.map(
          event => event.type === "block-proposed" && [event.number, toHex(event.header), toHex(event.effects)],
        ),
      ).to.deep.equal([
        [1, toHex(first.header), toHex(first.effects)],
        [2, toHex(second.header), toHex(second.effects)],
      ]);
      expect(new Set(events.map(event => event.position.transactionHash)).size).to.equal(1);
    } finally {
      await late.stop();
    }
  });

  it("tells of messages, proofs and prunes in L1's order", async () => {
    const { contracts, endpoints } = rollup;
    const deposits = new L1DepositClient({ sender: rollup.sender(2), endpoints }, { contracts });
    await deposits.mint(1000n);
    const sent = await deposits.deposit({ recipient: Field(5n), amount: 1000n, secretHash: Field(9n) });
    const first = await rollup.propose(publisher, 2, effects(1));
    await rollup.passTo(4);
    await publisher.submitProof(await rollup.proof(first, publisher.address));
    await rollup.propose(publisher, 5, effects(1, 1));
    await rollup.passTo(16);
    await publisher.prune();
    const events = await allEvents();
    expect(events.map(event => event.type)).to.deep.equal([
      "message-sent",
      "block-proposed",
      "block-proven",
      "block-proposed",
      "pruned",
    ]);
    const [message, , proven, , pruned] = events;
    expect(message).to.include({ blockNumber: sent.blockNumber, hash: sent.hash });
    const content = { recipient: 5n, amount: 1000n, globalIndex: sent.globalIndex, secretHash: 9n };
    expect(message?.type === "message-sent" && message.message).to.deep.equal(content);
    const identity = { chainId: 31337n, rollupVersion: 1n, feePortal: contracts.feePortal };
    expect(
      hashL1ToL2Message(identity, {
        recipient: Field(5n),
        amount: 1000n,
        globalIndex: sent.globalIndex,
        secretHash: Field(9n),
      }),
    ).to.equal(sent.hash);
    expect(proven).to.include({ number: 1, prover: publisher.address, firstBlock: 1, archive: first.archive });
    expect(pruned).to.include({ tip: 1, oldTip: 2 });
  });

  it("reads a long range in pieces and gets the same", async () => {
    await rollup.propose(publisher, 2, effects(1));
    await rollup.devnet.mine(30);
    await rollup.propose(publisher, 10, effects(1, 1));
    expect(
      await allEvents(readerOf(rollup.endpointsAt([rollup.devnet.url], 31337n, { maxLogRange: 3 }))),
    ).to.deep.equal(await allEvents());
    expect(await allEvents()).to.have.length(2);
  });

  it("forgets what a reorg removed", async () => {
    await rollup.propose(publisher, 2, effects(1));
    await rollup.devnet.mine(1);
    expect(await allEvents()).to.have.length(1);
    await rollup.devnet.reorg(2);
    expect(await allEvents()).to.deep.equal([]);
  });

  it("refuses a range whose end L1 does not have", async () => {
    const head = await reader.head();
    expect(await codeOfFailure(reader.events(head.number, L1BlockNumber(head.number + 1)))).to.equal(
      "L1_NO_SUCH_BLOCK",
    );
    expect(await reader.events(L1BlockNumber(head.number + 1), head.number)).to.deep.equal([]);
  });
});

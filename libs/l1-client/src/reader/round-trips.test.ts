import type { L1BlockRef } from "@sprtn/ports";
import { L1BlockNumber } from "@sprtn/primitives";
import { buildEffect, Waves } from "@sprtn/testing";
import { expect } from "chai";
import type { EndpointProvider } from "../endpoints/endpoint-provider.js";
import { TestRollup } from "../testing/test-rollup.js";
import { EthersL1Reader } from "./ethers-l1-reader.js";

describe("how often the L1 reader waits for L1", () => {
  let rollup: TestRollup;
  let provider: EndpointProvider;
  let reader: EthersL1Reader;
  let head: L1BlockRef;

  before(async () => {
    rollup = await TestRollup.start();
    await rollup.propose(rollup.publisher(1), 2, [buildEffect(1)]);
    // Beyond the first finalized block.
    await rollup.devnet.mine(70);
    provider = await rollup.endpoints.run(async used => used);
    const { contracts, endpoints } = rollup;
    reader = new EthersL1Reader({ endpoints }, { contracts, startBlock: L1BlockNumber(0) });
    head = await reader.head();
  });

  after(async () => rollup.stop());

  async function wavesOf(task: () => Promise<unknown>): Promise<number> {
    const waves = new Waves();
    const send = provider.send.bind(provider);
    provider.send = (method, params) => waves.through(() => send(method, params));
    try {
      await task();
    } finally {
      provider.send = send;
    }
    return waves.count;
  }

  it("three times for the events of a range: its end and what is final, logs, no change meanwhile", async () => {
    expect(await wavesOf(() => reader.events(L1BlockNumber(0), head.number))).to.equal(3);
  });

  it("twice for the contracts' state: the tips, and what follows from them", async () => {
    expect(await wavesOf(() => reader.stateAt(head))).to.equal(2);
  });
});

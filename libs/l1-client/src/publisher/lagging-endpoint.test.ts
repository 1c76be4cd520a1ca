import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { type Block, type JsonRpcProvider, Transaction } from "ethers";
import type { L1Endpoints } from "../endpoints/l1-endpoints.js";
import { JsonRpcProxy } from "../testing/json-rpc-proxy.js";
import { TestRollup } from "../testing/test-rollup.js";
import { marketFees } from "./fees.js";

/** Servers behind one address do not know the same, and some answers are wrong. */
describe("a transaction is carried out once, and blamed on nobody", () => {
  let rollup: TestRollup;
  let proxy: JsonRpcProxy;
  let endpoints: L1Endpoints;
  let account = 0;
  let warned = 0;

  before(async () => {
    rollup = await TestRollup.start();
  });

  beforeEach(async () => {
    account++;
    proxy = await JsonRpcProxy.start(rollup.devnet.url);
    endpoints = rollup.endpointsAt([proxy.url]);
    warned = rollup.logger.lines("warn").length;
  });

  afterEach(async () => {
    endpoints.close();
    await proxy.stop();
    expect(rollup.logger.lines("warn").slice(warned)).to.deep.equal([]);
  });

  after(async () => rollup.stop());

  /** Answers `method` so for the first `times` times. */
  function lieAbout(method: string, times: number, answer: { readonly result: unknown }): void {
    let lies = 0;
    proxy.intervene = call => (call.method === method && lies++ < times ? answer : undefined);
  }

  for (const amounts of [[7n], [1n, 10n, 100n]])
    it(`when receipts lag behind the count of nonces: a group of ${amounts.length}`, async () => {
      const sender = rollup.sender(account, {}, endpoints);
      lieAbout("eth_getTransactionReceipt", 30, { result: null });
      const receipts = await sender.send(amounts.map(amount => rollup.mintTo(sender.address, amount)));
      expect(receipts).to.have.length(amounts.length);
      expect(await rollup.tokens(sender.address)).to.equal(amounts.reduce((sum, amount) => sum + amount));
    });

  for (const message of [
    "nonce too low: next nonce 1, tx nonce 0",
    "replacement transaction underpriced",
    "max fee per gas less than block base fee",
    "insufficient funds for gas * price + value",
    "an internal error",
  ])
    for (const unknownFor of [0, 2])
      it(`when it is passed on and refused: ${message}; and unknown for ${unknownFor} looks`, async () => {
        const sender = rollup.sender(account, {}, endpoints);
        let [sent, looks] = [0, 0];
        proxy.intervene = async ({ method, params }) => {
          if (method === "eth_getTransactionByHash" && looks++ < unknownFor) return { result: null };
          if (method !== "eth_sendRawTransaction" || sent++ > 0) return undefined;
          await rollup.devnet.request(method, params);
          return { error: { code: -32000, message } };
        };
        const [receipt] = await sender.send([rollup.mintTo(sender.address, 7n)]);
        expect(receipt?.succeeded).to.equal(true);
        expect(await rollup.tokens(sender.address)).to.equal(7n);
      });

  it("when the endpoint serves another chain for a while, on which the nonce is used", async () => {
    const sender = rollup.sender(account, {}, endpoints);
    // There, a block that does not hold the transaction has used it.
    const { number: usedIn, hash } = (await rollup.devnet.provider.getBlock("latest")) as Block;
    let isFound = false;
    proxy.intervene = ({ method, params }) => {
      if (!proxy.calls.some(call => call.method === "eth_sendRawTransaction") || isFound) return undefined;
      if (method === "eth_getTransactionCount") {
        const [, block] = params as [unknown, string | { readonly blockHash: string }];
        const isUsed = typeof block === "object" ? block.blockHash === hash : block === "latest" || +block >= usedIn;
        return { result: isUsed ? "0x1" : "0x0" };
      }
      if (method === "eth_getTransactionReceipt") return { result: null };
      if (method !== "eth_chainId") return undefined;
      isFound = true;
      return { result: "0x1" };
    };
    await sender.send([rollup.mintTo(sender.address, 7n)]);
    expect(isFound).to.equal(true);
    expect(await rollup.tokens(sender.address)).to.equal(7n);
  });

  it("when a group's first is refused: nothing that would come after it is sent", async () => {
    const sender = rollup.sender(account, {}, endpoints);
    let refusals = 0;
    proxy.intervene = ({ method }) =>
      method === "eth_sendRawTransaction" && refusals++ < 100
        ? { error: { code: -32000, message: "oversized data" } }
        : undefined;
    const group = [7n, 70n].map(amount => rollup.mintTo(sender.address, amount));
    const error = await sender.send(group).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "L1_REJECTED");
    const nonces = proxy.calls
      .filter(({ method }) => method === "eth_sendRawTransaction")
      .map(({ params }) => Transaction.from(String(params[0])).nonce);
    expect(new Set(nonces)).to.deep.equal(new Set([0]));
    proxy.intervene = () => undefined;
    await sender.send([rollup.mintTo(sender.address, 100n)]);
    expect(await rollup.tokens(sender.address)).to.equal(100n);
  });

  it("when the count of nonces lags after a restart", async () => {
    const first = rollup.sender(account, {}, endpoints);
    for (const amount of [1n, 10n]) await first.send([rollup.mintTo(first.address, amount)]);
    lieAbout("eth_getTransactionCount", 8, { result: "0x0" });
    const again = rollup.sender(account, {}, endpoints);
    await again.send([rollup.mintTo(again.address, 100n)]);
    expect(await rollup.tokens(again.address)).to.equal(111n);
  });
});

describe("what a transaction offers", () => {
  const advising = (tip: bigint) =>
    ({
      send: async (method: string) =>
        method === "eth_maxPriorityFeePerGas" ? `0x${tip.toString(16)}` : { baseFeePerGas: "0x64" },
    }) as unknown as JsonRpcProvider;
  const settings = { maxFeePerGas: 1_000n, maxPriorityFeePerGas: 30n, bumpPercent: 10 };

  it("has a tip as L1 advises, but none that is absurd, and says so", async () => {
    const logger = new MemoryLogger();
    const offer = async (tip: bigint) => (await marketFees(advising(tip), settings, logger)).maxPriorityFeePerGas;
    expect(await offer(30n)).to.equal(30n);
    expect(logger.lines("warn")).to.deep.equal([]);
    expect(await offer(31n)).to.equal(30n);
    expect(await offer(10n ** 24n)).to.equal(30n);
    expect(logger.lines("warn").map(({ fields }) => fields)).to.deep.equal([
      { advice: 31n, offered: 30n },
      { advice: 10n ** 24n, offered: 30n },
    ]);
  });
});

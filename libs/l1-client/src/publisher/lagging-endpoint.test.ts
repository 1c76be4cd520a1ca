import { MemoryLogger } from "@sprtn/testing";
import { expect } from "chai";
import { type Block, type JsonRpcProvider, Transaction } from "ethers";
import { useProxiedRollup } from "../testing/proxied-rollup.js";
import { marketFees } from "./fees.js";

/** Servers behind one address do not know the same, and some answers are wrong. */
describe("a transaction is carried out once, and blamed on nobody", () => {
  const l1 = useProxiedRollup();
  let warned = 0;

  beforeEach(() => {
    warned = l1.rollup.logger.lines("warn").length;
  });

  afterEach(() => expect(l1.rollup.logger.lines("warn").slice(warned)).to.deep.equal([]));

  /** Answers `method` so for the first `times` times. */
  function lieAbout(method: string, times: number, answer: { readonly result: unknown }): void {
    let lies = 0;
    l1.proxy.intervene = call => (call.method === method && lies++ < times ? answer : undefined);
  }

  for (const amounts of [[7n], [1n, 10n, 100n]])
    it(`when receipts lag behind the count of nonces: a group of ${amounts.length}`, async () => {
      const sender = l1.sender();
      lieAbout("eth_getTransactionReceipt", 30, { result: null });
      const receipts = await sender.send(amounts.map(amount => l1.rollup.mintTo(sender.address, amount)));
      expect(receipts).to.have.length(amounts.length);
      expect(await l1.rollup.tokens(sender.address)).to.equal(amounts.reduce((sum, amount) => sum + amount));
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
        const sender = l1.sender();
        let [sent, looks] = [0, 0];
        l1.proxy.intervene = async ({ method, params }) => {
          if (method === "eth_getTransactionByHash" && looks++ < unknownFor) return { result: null };
          if (method !== "eth_sendRawTransaction" || sent++ > 0) return undefined;
          await l1.rollup.devnet.request(method, params);
          return { error: { code: -32000, message } };
        };
        const [receipt] = await sender.send([l1.rollup.mintTo(sender.address, 7n)]);
        expect(receipt?.succeeded).to.equal(true);
        expect(await l1.rollup.tokens(sender.address)).to.equal(7n);
      });

  it("when the endpoint serves another chain for a while, on which the nonce is used", async () => {
    const sender = l1.sender();
    // There, a block that does not hold the transaction has used it.
    const { number: usedIn, hash } = (await l1.rollup.devnet.provider.getBlock("latest")) as Block;
    let isFound = false;
    l1.proxy.intervene = ({ method, params }) => {
      if (!l1.proxy.calls.some(call => call.method === "eth_sendRawTransaction") || isFound) return undefined;
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
    await sender.send([l1.rollup.mintTo(sender.address, 7n)]);
    expect(isFound).to.equal(true);
    expect(await l1.rollup.tokens(sender.address)).to.equal(7n);
  });

  it("when a group's first is refused: nothing that would come after it is sent", async () => {
    const sender = l1.sender();
    let refusals = 0;
    l1.proxy.intervene = ({ method }) =>
      method === "eth_sendRawTransaction" && refusals++ < 100
        ? { error: { code: -32000, message: "oversized data" } }
        : undefined;
    const group = [7n, 70n].map(amount => l1.rollup.mintTo(sender.address, amount));
    const error = await sender.send(group).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("code", "L1_REJECTED");
    const nonces = l1.proxy.calls
      .filter(({ method }) => method === "eth_sendRawTransaction")
      .map(({ params }) => Transaction.from(String(params[0])).nonce);
    expect(new Set(nonces)).to.deep.equal(new Set([0]));
    l1.proxy.intervene = () => undefined;
    await sender.send([l1.rollup.mintTo(sender.address, 100n)]);
    expect(await l1.rollup.tokens(sender.address)).to.equal(100n);
  });

  it("when the count of nonces lags after a restart", async () => {
    const first = l1.sender();
    for (const amount of [1n, 10n]) await first.send([l1.rollup.mintTo(first.address, amount)]);
    lieAbout("eth_getTransactionCount", 8, { result: "0x0" });
    const again = l1.sender();
    await again.send([l1.rollup.mintTo(again.address, 100n)]);
    expect(await l1.rollup.tokens(again.address)).to.equal(111n);
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
